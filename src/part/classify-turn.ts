import { SMOOTH_DEG, type Edge } from "./part.ts";

/** Summary of the signed turn along an edge, ends included. */
export function classifyTurn(turnDeg: Float64Array): Edge["convexity"] {
  let convex = false, concave = false;
  for (const turn of turnDeg) {
    if (turn > SMOOTH_DEG) convex = true;
    else if (turn < -SMOOTH_DEG) concave = true;
  }
  return convex ? (concave ? "mixed" : "convex") : concave ? "concave" : "smooth";
}
