import { Redis } from "ioredis";
import type { ConnectionOptions } from "bullmq";
import { fail, ok, type Result } from "../../result.ts";

/** Options of a connection to `redis://[user:password@]host[:port][/db]` (or `rediss://`), tried once first: a wrong address is to be told, not retried for ever. */
export async function redisConnection(url: string): Promise<Result<ConnectionOptions>> {
  let at: URL;
  try {
    at = new URL(url);
  } catch {
    return fail("QUEUE_FAILED", `"${url}" is no URL.`, "Give redis://HOST:PORT.");
  }
  if (at.protocol !== "redis:" && at.protocol !== "rediss:") return fail("QUEUE_FAILED", `"${at.protocol}//" is not Redis.`, "Give redis://HOST:PORT.");
  const options: ConnectionOptions = {
    host: at.hostname.replace(/^\[|\]$/g, ""), port: Number(at.port || 6379), db: Number(at.pathname.slice(1) || 0),
    ...(at.username && { username: decodeURIComponent(at.username) }), ...(at.password && { password: decodeURIComponent(at.password) }),
    ...(at.protocol === "rediss:" && { tls: {} }), maxRetriesPerRequest: null,
  };
  const probe = new Redis({ ...options, lazyConnect: true, retryStrategy: () => null, connectTimeout: 5000 });
  probe.on("error", () => {});
  try {
    await probe.connect();
    await probe.ping();
    return ok(options);
  } catch (error) {
    return fail("QUEUE_FAILED", `${at.host}: ${(error as Error).message}.`);
  } finally {
    probe.disconnect();
  }
}
