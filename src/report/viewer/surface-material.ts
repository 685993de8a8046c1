import { Color, DoubleSide, ShaderMaterial } from "three";
import type { PageModel } from "../formats/page-model.ts";

type Bands = PageModel["bodies"][number]["maps"][number]["bands"];

const MOST_BANDS = 8;

/** The part's surface: lit from the eye and from above, coloured by band exactly at the band's end, hatched outside limits. */
export function surfaceMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    side: DoubleSide,
    polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1,
    uniforms: {
      base: { value: new Color() }, mark: { value: new Color() }, count: { value: 0 }, anyMark: { value: 0 }, hatchScale: { value: 1 },
      ends: { value: new Float32Array(MOST_BANDS) }, hatched: { value: new Float32Array(MOST_BANDS) },
      colors: { value: Array.from({ length: MOST_BANDS }, () => new Color()) },
    },
    vertexShader: `attribute float value; attribute float marked; varying float vValue; varying float vMarked; varying vec3 vNormal; varying vec3 vEye;
void main() { vValue = value; vMarked = marked; vNormal = normalMatrix * normal; vec4 at = modelViewMatrix * vec4(position, 1.0); vEye = -at.xyz; gl_Position = projectionMatrix * at; }`,
    fragmentShader: `uniform vec3 base; uniform vec3 mark; uniform int count; uniform float anyMark; uniform float hatchScale; uniform float ends[${MOST_BANDS}]; uniform float hatched[${MOST_BANDS}]; uniform vec3 colors[${MOST_BANDS}];
varying float vValue; varying float vMarked; varying vec3 vNormal; varying vec3 vEye;
void main() {
  vec3 color = base; float hatch = 0.0;
  if (count > 0 && vValue > -1.0e5) {
    for (int i = ${MOST_BANDS} - 1; i >= 0; i--) if (i < count && vValue < ends[i]) { color = colors[i]; hatch = hatched[i]; }
  }
  if (hatch > 0.5 && fract((gl_FragCoord.x + gl_FragCoord.y) / (7.0 * hatchScale)) < 0.28) color *= 0.55;
  if (vMarked > 0.5) color = mix(color, mark, count > 0 ? 0.55 : 0.8); else if (anyMark > 0.5) color = mix(color, base, 0.35);
  vec3 n = normalize(vNormal), eye = normalize(vEye);
  float facing = abs(dot(n, eye)), above = 0.5 + 0.5 * n.y;
  gl_FragColor = vec4(color * (0.48 + 0.42 * facing + 0.14 * above), 1.0);
}`,
  });
}

/** Sets the classes of a map, or none. Colours are already sRGB and the shader writes them as they are. */
export function setBands({ uniforms }: ShaderMaterial, bands: Bands): void {
  uniforms.count.value = Math.min(bands.length, MOST_BANDS);
  bands.slice(0, MOST_BANDS).forEach(({ to, color, hatched }, i) => {
    uniforms.ends.value[i] = to ?? 3e38;
    uniforms.hatched.value[i] = hatched ? 1 : 0;
    uniforms.colors.value[i].setRGB(color[0], color[1], color[2]);
  });
}
