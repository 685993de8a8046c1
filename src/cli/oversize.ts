import { Command, CommanderError } from "commander";
import { register as batch } from "./commands/batch.ts";
import { register as calibrate } from "./commands/calibrate.ts";
import { register as doctor } from "./commands/doctor.ts";
import { register as feedstock } from "./commands/feedstock.ts";
import { register as materials } from "./commands/materials.ts";
import { register as run } from "./commands/run.ts";
import { register as studio } from "./commands/studio.ts";
import { register as worker } from "./commands/worker.ts";
import { EXIT } from "./exit-codes.ts";
import { VERSION } from "./version.ts";

const program = new Command("oversize")
  .description("Mold cavities for Metal Injection Molding: check a STEP part, enlarge it by its OSF, make core and cavity.")
  .version(VERSION)
  .showHelpAfterError("(see --help)")
  .showSuggestionAfterError(true)
  .exitOverride();

for (const register of [run, batch, worker, studio, materials, feedstock, calibrate, doctor]) register(program);
for (const command of program.commands) command.exitOverride();

// Who reads our output may stop at any line: `oversize … | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => { if (error.code === "EPIPE") process.exit(); else throw error; });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
}
