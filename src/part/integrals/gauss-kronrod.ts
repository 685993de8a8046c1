/** A Kronrod rule on [−1, 1] with a Gauss rule inside it: the distance of the two sums tells how far the first may be off. */
export interface Rule {
  readonly points: number;
  readonly nodes: Float64Array;
  readonly kronrod: Float64Array;
  /** 0 at the points that are Kronrod's own. */
  readonly gauss: Float64Array;
}

type Half = readonly (readonly [node: number, kronrod: number, gauss: number])[];

/** From the positive nodes outside in, and the weights of the middle. */
function rule(half: Half, kronrod: number, gauss: number): Rule {
  const inward = half.toReversed();
  return {
    points: 2 * half.length + 1, nodes: Float64Array.of(...half.map(([x]) => -x), 0, ...inward.map(([x]) => x)),
    kronrod: Float64Array.of(...half.map(([, k]) => k), kronrod, ...inward.map(([, k]) => k)),
    gauss: Float64Array.of(...half.map(([, , g]) => g), gauss, ...inward.map(([, , g]) => g)),
  };
}

const HALF_7: Half = [
  [0.960491268708020283423507092629080, 0.104656226026467265193823857192073, 0],
  [0.774596669241483377035853079956480, 0.268488089868333440728569280666710, 0.555555555555555555555555555555556],
  [0.434243749346802558002071502844628, 0.401397414775962222905051818618432, 0],
];
const HALF_21: Half = [
  [0.995657163025808080735527280689003, 0.011694638867371874278064396062192, 0],
  [0.973906528517171720077964012084452, 0.03255816230796472747881897245939, 0.066671344308688137593568809893332],
  [0.930157491355708226001207180059508, 0.05475589657435199603138130024458, 0],
  [0.865063366688984510732096688423493, 0.07503967481091995276704314091619, 0.149451349150580593145863396957698],
  [0.780817726586416897063717578345042, 0.093125454583697605535065465083366, 0],
  [0.679409568299024406234327365114874, 0.109387158802297641899210590325805, 0.219086362515982043995534934228163],
  [0.562757134668604683339000099272694, 0.123491976262065851077958109585166, 0],
  [0.433395394129247190799265943165784, 0.134709217311473325928054001771707, 0.269266719309996355091226921569469],
  [0.294392862701460198131126603103866, 0.14277593857706008079709427313872, 0],
  [0.14887433898163121088482600112972, 0.147739104901338491374841515972068, 0.295524224714752870173815619188769],
];


/** Exact to degree 11, with Gauss's 3 points to degree 5. */
export const COARSE = rule(HALF_7, 0.450916538658474142345110087045571, 0.888888888888888888888888888888889);
/** Exact to degree 31, with Gauss's 10 points to degree 19 (QUADPACK's qk21). */
export const FINE = rule(HALF_21, 0.149445554002916905664936468389821, 0);

/**
 * QUADPACK's estimate of the Kronrod sum's error.
 * @param difference |Kronrod − Gauss| @param spread ∫ |f − mean f| over the same piece
 */
export function errorOf(difference: number, spread: number): number {
  if (spread === 0) return difference;
  const share = (200 * difference) / spread;
  return spread * Math.min(1, share * Math.sqrt(share));
}
