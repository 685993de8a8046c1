import { batchBench } from "./batch-bench.ts";
import { checkBench, growthBench } from "./check-bench.ts";
import { memoryBench } from "./memory-bench.ts";
import { nativeBench } from "./native-bench.ts";
import { readBench, readOne } from "./read-bench.ts";
import { spatialBench } from "./spatial-bench.ts";
import { moldBench, uiBench } from "./ui-bench.ts";

/** `npm run bench`: every table of measurements, as Markdown; with a name after `--`, that one. Files are read relative to the repository. */
const TABLES = { read: readBench, check: checkBench, growth: growthBench, spatial: spatialBench, native: nativeBench, batch: batchBench, memory: memoryBench, ui: uiBench, mold: moldBench };

const [word, ...rest] = process.argv.slice(2);
if (word === "--read-one") await readOne(rest[0], rest[1], Number(rest[2]), rest[3] === "mold");
else for (const [name, bench] of Object.entries(TABLES)) {
  if (word && word !== name) continue;
  const table = await bench();
  console.log(`\n## ${table.title}\n`);
  console.log(`| ${table.columns.join(" | ")} |\n|${table.columns.map(() => "---").join("|")}|`);
  for (const row of table.rows) console.log(`| ${row.join(" | ")} |`);
  for (const note of table.notes) console.log(`\n${note}`);
}
