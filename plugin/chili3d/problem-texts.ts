import type { ProblemCode } from "../../src/result.ts";

/** Problems of the command line and of data files, which a host never meets. */
type Elsewhere =
  | "FILE_UNREADABLE" | "USAGE" | "CONFIG_INVALID" | "OUTPUT_CONFLICT" | "RUN_LOCKED" | "INPUT_CHANGED" | "QUEUE_FAILED" | "OUTPUT_FAILED" | "TIMEOUT"
  | "FEEDSTOCK_CHOICE" | "FEEDSTOCK_STALE" | "CALIBRATION_DATA" | "CALIBRATION_OFFSET" | "CALIBRATION_OUTLIER" | "CALIBRATION_THIN" | "RECIPE_INVALID";

/** Problems that can be met in a host. */
export type HostProblem = Exclude<ProblemCode, Elsewhere>;

const EXPORT_AGAIN = "请从 CAD 系统重新导出零件。", REPAIR = "请在 CAD 中修复后重新导出。", CHECK_PART = "请检查零件。", FEWER = "请简化零件后重新导出。";

/** Problems and what to do about them, in Chinese; their English is the catalogue's. */
export const PROBLEMS_ZH: Readonly<Record<HostProblem, readonly [message: string, advice: string]>> = {
  FILE_EMPTY: ["文件是空的。", EXPORT_AGAIN],
  FILE_TOO_LARGE: ["文件超过大小上限。", "请只导出要成型的零件。"],
  NOT_STEP: ["这不是 STEP 文件。", "请将零件导出为 STEP（AP203、AP214 或 AP242）。"],
  ARCHIVE_BAD: ["压缩文件无法解压。", "请直接提供 STEP 文件，或重新压缩。"],
  STEP_TRUNCATED: ["STEP 文件不完整。", "请重新复制或导出文件。"],
  STEP_PARSE: ["STEP 文本已损坏。", EXPORT_AGAIN],
  STEP_SCHEMA: ["STEP 模式不是 AP203、AP214 或 AP242。", "请导出为 AP214 或 AP242。"],
  STEP_NUMBER: ["某个坐标不是有限数。", "请重新导出零件；文件含有 NaN 或无穷大。"],
  STEP_REFERENCE: ["STEP 文本引用了缺失、重复或循环的实体。", EXPORT_AGAIN],
  STEP_NESTING: ["STEP 文本的嵌套比任何真实零件都深。", EXPORT_AGAIN],
  UNIT_UNDECLARED: ["文件没有声明长度单位。", "请带单位重新导出零件。"],
  UNIT_INVALID: ["文件的长度单位系数为零或负数。", "请用有效单位重新导出零件。"],
  UNIT_MISMATCH: ["单位名称与系数不一致，已采用系数。", "请检查零件尺寸。"],
  SIZE_SUSPICIOUS: ["零件尺寸远超 MIM 可制造的范围。", "请检查文件的单位。"],
  FAR_ORIGIN: ["零件远离坐标原点。", "请确认这是有意为之；单精度格式在远处会丢失细节。"],
  NO_GEOMETRY: ["文件不含几何。", "请导出实体，而不仅是产品结构。"],
  NO_SOLID: ["文件不含实体。", "请导出实体；片体和线框无法成型。"],
  NOT_CLOSED: ["实体没有封闭。", "请在 CAD 中闭合缝隙后重新导出。"],
  INVALID_SOLID: ["实体无效。", REPAIR],
  TOLERANCE_SCALE: ["边与面的偏离超过零件尺寸所允许的范围。", "几何有撕裂或坏数据；" + REPAIR],
  EDGES_LOOSE: ["边略微偏离其面。", "若偏离小于您的公差，则无需处理。"],
  POLE_STRAY: ["一个控制点明显偏离原本规则的自由曲面。", "请与 CAD 中的原始面比较：途中可能有一位数字被改变。"],
  MEASURES_DIFFER: ["实体的体积、面积或质心与文件中声明的值不符。", "请与 CAD 中的原始零件比较：几何可能在途中改变或丢失。"],
  INSIDE_OUT: ["实体内外颠倒，已翻转。", CHECK_PART],
  MAPPED_TRANSFORM: ["放置的副本带有内核不支持的镜像或缩放。", "请导出实体本身，而不是镜像或缩放的实例。"],
  EXTERNAL_REFERENCE: ["装配引用了不在此处的其他文件。", "请导出包含全部内容的单个文件，或逐个转换零件。"],
  BODY_CHOICE: ["没有这个实体。", "请从列出的实体中选择。"],
  BODIES_OVERLAP: ["两个实体重叠。", "请单独导出要制模的实体。"],
  SET_ASIDE: ["片体、线框或标注已被搁置。", "若它们不属于实体，则无需处理。"],
  HEALED: ["文件不完全规范，修复后已读取。", CHECK_PART],
  FACETS_ONLY: ["精确内核拒绝了文件，已改为读取网格。", "结果的区间更宽；如需精确结果，请在 CAD 中修复零件。"],
  FACET_LIMIT: ["零件所需的网格数超过上限。", FEWER],
  OUT_OF_MEMORY: ["所需内存超过上限。", "请关闭其他零件，或简化此零件。"],
  CANCELLED: ["操作已取消。", "需要时可重新开始。"],
  CRASH: ["几何内核在此文件上崩溃。", "请把文件发给我们；内核已重新启动。"],
  KERNEL_MISSING: ["缺少几何内核文件。", "请重新安装插件。"],
  OSF_INVALID: ["放大系数不可用。", "请填写 1.0 到 1.5 之间的系数，例如 1.165。"],
  OSF_UNKNOWN: ["此材料没有有出处的放大系数。", "请填写您的喂料的系数。"],
  MATERIAL_UNKNOWN: ["没有这种材料。", "请从列表中选择材料。"],
  OSF_SUSPICIOUS: ["放大系数看起来有误。", "请对照喂料数据表：系数为 1/(1 − 收缩率)。"],
  OSF_DEFAULT: ["放大系数是合金的默认值，而不是您的喂料批次的值。", "加工钢料之前，请填写该批次的系数。"],
  PROFILE_UNKNOWN: ["没有这个规则集。", "请从列出的规则集中选择。"],
  DESIGN_INVALID: ["无法构建此模具设计。", "请检查模块、分型面、导销和间隙。"],
  MOLD_PROOF: ["模具有一项验证未通过，没有写出。", "请尝试其他开模方向或分型面。"],
  MOLD_FALLBACK: ["精确模具有一项验证未通过，已改为网格模具。", "请使用 STL 或 3MF；此模具没有 STEP。"],
  MOLD_NOT_PULLABLE: ["模具的一半无法沿其方向脱出。", "两半以平面分型。请查看被卡住的面：需要侧抽芯、阶梯分型面或其他开模方向。"],
  READ_BACK: ["写出的文件读回后与原内容不一致。", "未保留任何内容；请报告此零件。"],
  SELECTION: ["Oversize 一次处理一个实体。", "请在视图或树中选择它。"],
  HOST_API: ["宿主没有 Oversize 所需的功能。", "请使用 Chili3D 0.7 或更新版本。"],
};
