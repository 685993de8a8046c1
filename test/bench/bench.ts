import { batchBench } from "./batch-bench.ts";
import { spatialBench } from "./spatial-bench.ts";
import { uiBench } from "./ui-bench.ts";

/** `npm run bench`: every table of measurements, as Markdown. Files are read relative to the repository. */
for (const table of [await spatialBench(), await batchBench(), await uiBench()]) {
  console.log(`\n## ${table.title}\n`);
  console.log(`| ${table.columns.join(" | ")} |\n|${table.columns.map(() => "---").join("|")}|`);
  for (const row of table.rows) console.log(`| ${row.join(" | ")} |`);
  for (const note of table.notes) console.log(`\n${note}`);
}
