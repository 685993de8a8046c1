import type { InputFile } from "../../src/engine.ts";

/** A part opened before; its bytes are kept in the browser's own database and never leave it. */
export interface RecentFile {
  readonly sha256: string;
  readonly name: string;
  readonly date: number;
}

const DATABASE = "oversize", TABLE = "recent";
/** Parts kept, and the largest kept. */
const MOST = 8, MOST_BYTES = 64 * 1024 * 1024;

/** Recent parts, latest first; none where the browser keeps nothing. */
export async function listRecent(): Promise<RecentFile[]> {
  const all = await transact<(RecentFile & { bytes: Uint8Array })[]>("readonly", (table) => table.getAll());
  return (all ?? []).map(({ sha256, name, date }) => ({ sha256, name, date })).sort((a, b) => b.date - a.date);
}

/** Keeps a part; the oldest beyond the limit go. */
export async function keepRecent(file: InputFile, sha256: string): Promise<void> {
  if (file.bytes.length > MOST_BYTES) return;
  await transact("readwrite", (table) => table.put({ sha256, name: file.name, date: Date.now(), bytes: file.bytes }));
  for (const old of (await listRecent()).slice(MOST)) await transact("readwrite", (table) => table.delete(old.sha256));
}

/** Bytes of a recent part. */
export async function loadRecent(sha256: string): Promise<Uint8Array | undefined> {
  return (await transact<{ bytes: Uint8Array } | undefined>("readonly", (table) => table.get(sha256)))?.bytes;
}

/** Forgets all. */
export async function forgetRecent(): Promise<void> {
  await transact("readwrite", (table) => table.clear());
}

/** Runs one request; undefined where the database cannot be used. */
function transact<T>(mode: IDBTransactionMode, run: (table: IDBObjectStore) => IDBRequest): Promise<T | undefined> {
  return new Promise((resolve) => {
    if (typeof indexedDB === "undefined") return resolve(undefined);
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE, { keyPath: "sha256" });
    opening.onerror = () => resolve(undefined);
    opening.onsuccess = () => {
      const request = run(opening.result.transaction(TABLE, mode).objectStore(TABLE));
      request.onsuccess = () => { resolve(request.result as T); opening.result.close(); };
      request.onerror = () => { resolve(undefined); opening.result.close(); };
    };
  });
}
