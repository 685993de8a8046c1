import { FINDING_KINDS, type FindingCode } from "../../src/dfm/finding.ts";
import type { Stage } from "../../src/progress.ts";
import { PROBLEMS, type ProblemCode } from "../../src/result.ts";
import { adviceFor } from "../review/state/advice.ts";
import { PROBLEMS_ZH, type HostProblem } from "./problem-texts.ts";

/** What the host shows of the plug-in, each in English and Chinese; `{0}` is filled in. The review panel speaks English. */
export const WORDS = {
  "ribbon.tab.oversize": ["Oversize", "Oversize"],
  "ribbon.group.oversize": ["Metal injection molding", "金属注射成型"],
  "command.oversize.check": ["Check selection", "检查所选"],
  "command.oversize.oversize": ["Oversize", "放大"],
  "command.oversize.mold": ["Mold", "模具"],
  "command.oversize.review": ["Review panel", "评审面板"],
  "command.oversize.export": ["Export mold", "导出模具"],
  "oversize.check.help": ["Checks the selected body against the MIM rules and marks its faces", "按 MIM 规则检查所选实体并标记其面"],
  "oversize.oversize.help": ["Adds the part enlarged by the oversize factor", "添加按放大系数放大的零件"],
  "oversize.mold.help": ["Adds core, cavity and oversized part", "添加型芯、型腔和放大零件"],
  "oversize.review.help": ["Opens the selected body in the review panel", "在评审面板中打开所选实体"],
  "oversize.export.help": ["Downloads core, cavity, oversized part and the report", "下载型芯、型腔、放大零件和报告"],
  "oversize.name": ["Oversize", "Oversize"],
  "oversize.check.panel": ["Oversize check", "Oversize 检查"],
  "oversize.panel": ["Oversize review", "Oversize 评审"],

  "oversize.form.material": ["Material", "材料"],
  "oversize.form.known": ["{0} (OSF {1})", "{0}（放大系数 {1}）"],
  "oversize.form.unknown": ["{0} (give the OSF)", "{0}（请填写放大系数）"],
  "oversize.form.osf": ["Oversize factor of your feedstock lot (one number, or x, y, z)", "喂料批次的放大系数（一个数，或 x, y, z）"],
  "oversize.form.default": ["from the material", "取自材料"],
  "oversize.form.files": ["Core, cavity and oversized part as", "型芯、型腔和放大零件的格式"],
  "oversize.form.step": ["STEP, exact", "STEP（精确）"],
  "oversize.form.report": ["Report (HTML)", "报告（HTML）"],
  "oversize.form.nothing": ["Choose at least one kind of file.", "请至少选择一种文件。"],

  "oversize.work.start": ["Starting …", "正在启动…"],
  "oversize.work.progress": ["Progress", "进度"],
  "oversize.work.loading": ["Loading …", "正在加载…"],
  "oversize.work.reading": ["Reading …", "正在读取…"],
  "oversize.work.validating": ["Validating …", "正在校验…"],
  "oversize.work.measuring": ["Measuring …", "正在测量…"],
  "oversize.work.meshing": ["Meshing …", "正在划分网格…"],
  "oversize.work.checking": ["Checking …", "正在检查…"],
  "oversize.work.molding": ["Molding …", "正在生成模具…"],
  "oversize.work.proving": ["Proving …", "正在验证…"],
  "oversize.work.writing": ["Writing …", "正在写出…"],

  "oversize.check.blockedOne": ["{0}: 1 blocking finding", "{0}：1 项阻止性问题"],
  "oversize.check.blocked": ["{0}: {1} blocking findings", "{0}：{1} 项阻止性问题"],
  "oversize.check.open": ["{0}: no open blocking finding, {1} not decided", "{0}：没有未处理的阻止性问题，{1} 项未判定"],
  "oversize.check.clear": ["{0}: no open blocking finding", "{0}：没有未处理的阻止性问题"],
  "oversize.check.counts": ["{0} advisory, {1} passed, {2} not evaluated.", "建议 {0} 项，通过 {1} 项，未评估 {2} 项。"],
  "oversize.check.as": ["As {0}, rules “{1}”.", "材料 {0}，规则“{1}”。"],
  "oversize.check.unmarkedOne": ["1 face could not be marked for sure; see the review panel.", "有 1 个面无法可靠标记，请见评审面板。"],
  "oversize.check.unmarked": ["{0} faces could not be marked for sure; see the review panel.", "有 {0} 个面无法可靠标记，请见评审面板。"],
  "oversize.check.clearMarks": ["Clear marks", "清除标记"],
  "oversize.step.mark": ["Oversize: mark findings", "Oversize：标记问题"],
  "oversize.step.clear": ["Oversize: clear marks", "Oversize：清除标记"],

  "oversize.part.mold": ["{0} mold", "{0} 模具"],
  "oversize.part.core": ["{0} core", "{0} 型芯"],
  "oversize.part.cavity": ["{0} cavity", "{0} 型腔"],
  "oversize.part.oversized": ["{0} oversized", "{0} 放大件"],
  "oversize.mold.added": ["Added {0} at OSF {1}.", "已添加 {0}，放大系数 {1}。"],
  "oversize.mold.noStep": ["There is no STEP of one of the bodies.", "其中一个实体没有 STEP。"],
  "oversize.mold.unread": ["{0}: {1}.", "{0}：{1}。"],
  "oversize.mold.empty": ["it came back empty", "读回为空"],
  "oversize.mold.instead": ["Export the mold's STEP files from the review panel instead.", "请改从评审面板导出模具的 STEP 文件。"],
  "oversize.export.done": ["{0} is in your downloads, at OSF {1}.", "{0} 已在下载文件夹中，放大系数 {1}。"],
  "oversize.export.holds": ["It holds {0} files: {1}.", "其中有 {0} 个文件：{1}。"],

  "oversize.select.noDocument": ["No document is open.", "没有打开的文档。"],
  "oversize.select.openOne": ["Open or make a part, then select its body.", "请打开或创建零件，然后选择其实体。"],
  "oversize.select.nothing": ["Nothing is selected.", "没有选择任何对象。"],
  "oversize.select.notBody": ["\"{0}\" is not a body.", "“{0}”不是实体。"],
  "oversize.select.solid": ["Select one solid body, not a mesh or drawing.", "请选择一个实体，而不是网格或图形。"],
  "oversize.select.several": ["{0} bodies are selected.", "选择了 {0} 个实体。"],
  "oversize.select.one": ["Select one; a mold is made for one body at a time.", "请只选一个；一次只为一个实体制作模具。"],
  "oversize.select.noShape": ["\"{0}\" has no shape: {1}.", "“{0}”没有形状：{1}。"],
  "oversize.select.sheet": ["\"{0}\" is a sheet or wire.", "“{0}”是片体或线框。"],
  "oversize.select.close": ["Close it to a solid (sew or thicken), then select that.", "请缝合或加厚为实体，然后选择该实体。"],
  "oversize.select.holds": ["\"{0}\" holds {1} solids.", "“{0}”含有 {1} 个实体。"],
  "oversize.select.explode": ["Explode it and select one of them.", "请分解后选择其中一个。"],
  "oversize.select.scaled": ["\"{0}\" is placed with a scale or mirrored.", "“{0}”的放置带有缩放或镜像。"],
  "oversize.select.apply": ["Apply the scale to the body itself, then select it again.", "请将缩放应用到实体本身，然后重新选择。"],
  "oversize.select.unwritten": ["Chili3D could not write \"{0}\" as STEP: {1}.", "Chili3D 无法将“{0}”写为 STEP：{1}。"],
  "oversize.host.converter": ["This build of Chili3D has no STEP converter that Oversize knows.", "此版本的 Chili3D 没有 Oversize 可用的 STEP 转换器。"],
} as const satisfies Record<string, readonly [en: string, zh: string]> & Record<`oversize.work.${Stage}`, readonly [en: string, zh: string]>;

/** Titles of findings in Chinese; their English is the catalogue's. */
const FINDINGS_ZH: Readonly<Record<FindingCode, string>> = {
  WALL_THIN: "壁厚过薄",
  WALL_THICK: "壁厚过厚",
  WALL_TRANSITION: "截面突变",
  FEATHER_EDGE: "刃状薄边",
  DRAFT_LOW: "拔模角不足",
  UNDERCUT: "倒扣",
  SIDE_ACTION: "需要侧抽芯",
  PARTING_STEP: "分型线有台阶",
  RADIUS_SMALL: "圆角过小",
  EDGE_SHARP: "尖锐棱边",
  MASS_RANGE: "质量超出范围",
  SIZE_RANGE: "尺寸超出范围",
  HOLE_DIAMETER: "孔过小",
  HOLE_DEPTH: "深孔",
  HOLE_AXIS: "横向孔",
  SINTER_SUPPORT: "烧结支撑不足",
  SINTER_SPAN: "悬空跨距",
  SLENDER: "筋或销过细长",
  STEEL_THIN: "模具钢料过薄",
  PROJECTED_AREA: "投影面积",
};

/** A key of {@link TEXTS}. */
export type TextKey = keyof typeof WORDS | `oversize.finding.${FindingCode}` | `oversize.problem.${HostProblem}` | `oversize.advice.${HostProblem}`;

const codes = Object.keys(PROBLEMS_ZH) as HostProblem[], kinds = Object.keys(FINDINGS_ZH) as FindingCode[];
/** Every text in one language: the words above, titles of findings, problems with their advice. */
const texts = (language: 0 | 1): Record<TextKey, string> => Object.fromEntries<string>([
  ...Object.entries(WORDS).map(([key, words]) => [key, words[language]] as const),
  ...kinds.map((code) => [`oversize.finding.${code}`, language ? FINDINGS_ZH[code] : FINDING_KINDS[code].title] as const),
  ...codes.flatMap((code) => {
    const [message, advice] = language ? PROBLEMS_ZH[code] : [PROBLEMS[code][0], adviceFor({ code, suggestion: PROBLEMS[code][1] })];
    return [[`oversize.problem.${code}`, message] as const, [`oversize.advice.${code}`, advice] as const];
  }),
]) as Record<TextKey, string>;

/** Texts by language, as the host takes them. It falls back to English. */
export const TEXTS = [
  { language: "en", display: "English", translation: texts(0) },
  { language: "zh-CN", display: "简体中文", translation: texts(1) },
];

/** Whether a problem's code has a text of its own here. */
export const isHostProblem = (code: ProblemCode): code is HostProblem => code in PROBLEMS_ZH;
