/** Everything MIM knows, for programs and pages: no Node, no kernel, plain data in and out. */
export * from "./binder.ts";
export * from "./calibrate.ts";
export * from "./calibration-plot.ts";
export * from "./convert.ts";
export * from "./feedstock-file.ts";
export * from "./materials.ts";
export * from "./osf.ts";
export * from "./printed-values.ts";
export * from "./profile.ts";
export * from "./profile-file.ts";
export * from "./recipe.ts";
export * from "./rescue.ts";
export * from "./shrinkage.ts";
export * from "./sources.ts";
export * from "./tolerance.ts";
export * from "./trial.ts";
export * from "./uncertainty.ts";
