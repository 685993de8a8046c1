import { Color, DoubleSide, ShaderMaterial, Vector3, type Plane, type Side } from "three";
import { cividis } from "../maps/cividis.ts";
import { SAME_DRAFT_DEG } from "../maps/draft-classes.ts";
import { CROSSOVER, MARKS, MAX_BANDS, UNMEASURED, type Band, type Scale } from "../maps/scale.ts";

/** Lengths nearer to a limit than this share of it are drawn as equal to it, and so within: the screen computes in single precision. */
const DRAWN = 1e-5;

/** Samples of the continuous ramp handed to the shader. */
const RAMP = 9;

const vertexShader = /* glsl */ `
#include <clipping_planes_pars_vertex>
attribute float value;
attribute float flag;
attribute float blank; // 0 where a geometry has none
varying vec3 vNormal2;
varying vec3 vEye;
varying float vValue;
varying float vFlag;
varying float vKnown;
void main() {
  vKnown = value == value && abs(value) < 1e30 ? 1.0 - blank : 0.0;
  vValue = vKnown > 0.0 ? value * vKnown : 0.0;
  vFlag = flag;
  vec4 mvPosition = modelViewMatrix * vec4(position, 1.0);
  vNormal2 = normalMatrix * normal;
  vEye = -mvPosition.xyz;
  gl_Position = projectionMatrix * mvPosition;
  #include <clipping_planes_vertex>
}`;

const fragmentShader = /* glsl */ `
#include <clipping_planes_pars_fragment>
uniform int uMode; // 0 shaded, 1 banded, 2 continuous
uniform int uBandCount;
uniform float uBandTo[${MAX_BANDS}];
uniform vec3 uBandColor[${MAX_BANDS}];
uniform int uBandMark[${MAX_BANDS}];
uniform vec3 uRamp[${RAMP}];
uniform float uLow;
uniform float uHigh;
uniform vec3 uBase;
uniform vec3 uInside;
uniform vec3 uUnmeasured;
uniform vec3 uCrossover;
uniform float uOpacity;
uniform float uScale;
uniform bool uOrtho;
varying vec3 vNormal2;
varying vec3 vEye;
varying float vValue;
varying float vFlag;
varying float vKnown;

float stripe(float along, float width) { return 1.0 - smoothstep(width - 0.6, width + 0.6, abs(mod(along, 9.0) - 4.5)); }

vec3 marked(vec3 color, int mark) {
  vec2 p = gl_FragCoord.xy / uScale;
  float ink = 0.0;
  if (mark == 1) ink = stripe((p.x + p.y) * 0.7071, 0.8);
  if (mark == 2) ink = max(stripe((p.x + p.y) * 0.7071, 0.8), stripe((p.x - p.y) * 0.7071, 0.8));
  if (mark == 3) { vec2 q = mod(p, 8.0) - 4.0; ink = 1.0 - smoothstep(1.0, 2.0, length(q)); }
  float light = dot(color, vec3(0.3, 0.6, 0.1));
  return mix(color, light > 0.45 ? vec3(0.05, 0.07, 0.12) : vec3(0.98), ink * 0.75);
}

vec3 heat() {
  // Between measured vertices and others the nearer ones decide; only measured values are averaged.
  if (vKnown < 0.5) return uUnmeasured;
  float value = vValue / vKnown;
  if (vFlag > 0.5) return marked(uCrossover, 3);
  if (uMode == 2) {
    float t = clamp((value - uLow) / (uHigh - uLow), 0.0, 1.0) * float(${RAMP - 1});
    int i = int(min(floor(t), float(${RAMP - 2})));
    return mix(uRamp[i], uRamp[i + 1], t - float(i));
  }
  for (int i = 0; i < ${MAX_BANDS}; i++) {
    if (i == uBandCount - 1 || value < uBandTo[i]) return marked(uBandColor[i], uBandMark[i]);
  }
  return uUnmeasured;
}

void main() {
  #include <clipping_planes_fragment>
  vec3 n = normalize(vNormal2);
  vec3 eye = uOrtho ? vec3(0.0, 0.0, 1.0) : normalize(vEye);
  if (!gl_FrontFacing) n = -n;
  float head = max(dot(n, eye), 0.0);
  float key = max(dot(n, normalize(vec3(-0.35, 0.75, 0.55))), 0.0);
  vec3 color = uMode == 0 ? uBase : heat();
  if (!gl_FrontFacing) color = uInside;
  float shade = uMode == 0 ? 0.42 + 0.36 * head + 0.26 * key : 0.74 + 0.20 * head + 0.08 * key;
  gl_FragColor = vec4(color * shade, uOpacity);
}`;

/** The part's surface: plain shading or a map's colours, computed per pixel so that bands end exactly at the limits. */
export function createFaceMaterial(base: string, clippingPlanes: Plane[], side: Side = DoubleSide): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader, fragmentShader, side, clipping: true, clippingPlanes,
    polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1,
    uniforms: {
      uMode: { value: 0 },
      uBandCount: { value: 1 },
      uBandTo: { value: new Float32Array(MAX_BANDS).fill(1e30) },
      uBandColor: { value: Array.from({ length: MAX_BANDS }, () => new Vector3(...UNMEASURED)) },
      uBandMark: { value: new Int32Array(MAX_BANDS) },
      uRamp: { value: Array.from({ length: RAMP }, (_, i) => new Vector3(...cividis(i / (RAMP - 1)))) },
      uLow: { value: 0 },
      uHigh: { value: 1 },
      uBase: { value: new Color(base) },
      uInside: { value: new Color(base).multiplyScalar(0.55) },
      uUnmeasured: { value: new Vector3(...UNMEASURED) },
      uCrossover: { value: new Vector3(...CROSSOVER) },
      uOpacity: { value: 1 },
      uScale: { value: 1 },
      uOrtho: { value: false },
    },
  });
}

/** Lets a material paint a scale, or shade plainly without one. */
export function paintScale(material: ShaderMaterial, scale: Scale | undefined): void {
  const u = material.uniforms;
  u.uMode.value = scale === undefined ? 0 : scale.mode === "banded" ? 1 : 2;
  if (!scale) return;
  u.uLow.value = scale.low;
  u.uHigh.value = scale.high;
  const bands = scale.bands.slice(0, MAX_BANDS);
  u.uBandCount.value = bands.length;
  bands.forEach((band, i) => {
    u.uBandTo.value[i] = Math.min(drawnEnd(band, scale.unit), 1e30);
    u.uBandColor.value[i].set(...band.color);
    u.uBandMark.value[i] = MARKS.indexOf(band.mark);
  });
}

/** Where a class ends on the screen: what is equal to a limit keeps it, so what is too little ends a little before. */
function drawnEnd({ to, mark }: Band, unit: Scale["unit"]): number {
  if (unit === "mm") return to * (1 + (mark === "lines" ? -DRAWN : DRAWN));
  return unit === "deg" ? to - Math.sign(to) * SAME_DRAFT_DEG : to;
}
