import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { makeAndVerify } from './keep.ts'
import type { Keeping } from './keep.ts'
import type { MakeOptions } from './make.ts'
import { backupsFolder } from './place.ts'
import { verifyBackup } from './verify.ts'
import type { VerifyOptions } from './verify.ts'

/** What is to be done, in a thread of its own: hashing and looking at every page would hold up the server. */
export type Order =
  | { make: MakeOptions & VerifyOptions & Keeping }
  | { verify: VerifyOptions & { data_dir: string; name: string } }

/** How it went. A refusal is for people. */
export type Outcome = { done: unknown } | { refused: string }

async function work(order: Order): Promise<unknown> {
  if ('make' in order) return makeAndVerify(revived(order.make))
  const { data_dir, name, ...options } = order.verify
  return verifyBackup(join(backupsFolder(data_dir), name), data_dir, name, revived(options))
}

/** Buffers arrive as plain arrays of bytes. */
function revived<T extends VerifyOptions>(options: T): T {
  return { ...options, key: Buffer.from(options.key), audit_key: Buffer.from(options.audit_key) }
}

const answer = (outcome: Outcome): void => parentPort?.postMessage(outcome)

work(workerData as Order).then(
  (done) => answer({ done }),
  (error: unknown) => answer({ refused: error instanceof Error ? error.message : String(error) }),
)
