import { createECDH } from 'node:crypto'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { NotificationTables } from '../store.ts'
import { pushKeys } from './store.ts'

/** What push services know this server by (RFC 8292): a point and its scalar on P-256, base64url. */
export interface PushKeys {
  public_key: string
  private_key: string
}

const SCALAR_BYTES = 32

/**
 * The key pair of this server, made when it is first asked for. It is never changed: browsers that have subscribed with
 * one refuse to be told by another.
 */
export function openPushKeys(kernel: Kernel): () => Promise<PushKeys> {
  let known: Promise<PushKeys> | undefined
  const load = async (): Promise<PushKeys> => {
    const kept = await read(kernel.store.reader)
    return kept ?? kernel.store.write(async (tx) => (await read(tx)) ?? (await make(kernel, tx)))
  }
  const read = async (db: Pick<Kernel['store']['reader'], 'tables'>): Promise<PushKeys | undefined> => {
    const row = await pushKeys.find(db.tables<NotificationTables>())
    if (row === undefined) return undefined
    const scalar = kernel.keys.unwrap('push-key-wrap', row.wrapped, row.public_key)
    return { public_key: row.public_key, private_key: scalar.toString('base64url') }
  }
  return () => {
    known ??= load().catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
}

async function make(kernel: Kernel, tx: Pick<Kernel['store']['reader'], 'tables'>): Promise<PushKeys> {
  const pair = createECDH('prime256v1')
  // One in four thousand million draws is no scalar of the curve; then this throws, and whoever asks again gets another.
  const scalar = Buffer.from(kernel.random(SCALAR_BYTES))
  pair.setPrivateKey(scalar)
  const public_key = pair.getPublicKey('base64url')
  const wrapped = kernel.keys.wrap('push-key-wrap', scalar, public_key)
  await pushKeys.insert(tx.tables<NotificationTables>(), { public_key, wrapped, created_at: kernel.now() })
  return { public_key, private_key: scalar.toString('base64url') }
}
