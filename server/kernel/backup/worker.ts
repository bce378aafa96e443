import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { makeBackup } from './make.ts'
import type { MakeOptions } from './make.ts'
import { backupsFolder } from './place.ts'
import { verifyBackup } from './verify.ts'
import type { VerifyOptions } from './verify.ts'

/** What is to be done, in a thread of its own: hashing and looking at every page would hold up the server. */
export type Order = { make: MakeOptions } | { verify: VerifyOptions & { data_dir: string; name: string } }

/** How it went. A refusal is for people. */
export type Outcome = { done: unknown } | { refused: string }

async function work(order: Order): Promise<unknown> {
  if ('make' in order) return makeBackup({ ...order.make, key: Buffer.from(order.make.key) })
  const { data_dir, name, key, audit_key, ...rest } = order.verify
  // Buffers arrive as plain arrays of bytes.
  const options = { ...rest, key: Buffer.from(key), audit_key: Buffer.from(audit_key) }
  return verifyBackup(join(backupsFolder(data_dir), name), data_dir, name, options)
}

const answer = (outcome: Outcome): void => parentPort?.postMessage(outcome)

work(workerData as Order).then(
  (done) => answer({ done }),
  (error: unknown) => answer({ refused: error instanceof Error ? error.message : String(error) }),
)
