import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { iso } from '../../../kernel/clock.ts'
import { passkeyStore } from './store.ts'
import type { CodeRow, PasskeyTables } from './store.ts'

/** What stands for the credential id in a sign-in by a code (decision 12). */
export const CODE_CREDENTIAL = 'backup_code'

const CODES = 10
/** Crockford's base 32: nothing in it can be taken for something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 80 bits, in groups that can be read out. */
const CODE_CHARACTERS = 16
const GROUP = /.{4}(?=.)/g
const RECOVERY_MS = 1_800_000

/** Codes that sign in once when the passkey is lost, and prove nothing else. */
export interface Codes {
  /** Makes ten, in place of all before; they are shown this once. */
  renew(tx: Tx, user_id: string): Promise<string[]>
  /** Makes one more that is good for half an hour, for somebody who has the machine. */
  recovery(tx: Tx, user_id: string): Promise<string>
  drop(tx: Tx, user_id: string): Promise<void>
  isUsable(user_id: string, code: string): Promise<boolean>
  /** How many backup codes are left. */
  left(user_id: string): Promise<number>
  /** Uses one up; the answer is false when it cannot be used. */
  use(tx: Tx, user_id: string, code: string): Promise<boolean>
}

export function openCodes({ keys, random, clock, store, now }: Kernel): Codes {
  const make = (): string =>
    Array.from(random(CODE_CHARACTERS), (byte) => ALPHABET[byte & 31])
      .join('')
      .replaceAll(GROUP, '$&-')
  // A code is as hard to guess as a key, so a fast hash under a key of the machine is enough.
  const hash = (user_id: string, code: string): string => keys.mac('code-hash', `${user_id} ${read(code)}`)
  const row = (user_id: string, code: string, part: Pick<CodeRow, 'kind' | 'expires_at'>): CodeRow => ({
    hash: hash(user_id, code),
    user_id,
    used_at: null,
    ...part,
  })
  return {
    async renew(tx, user_id) {
      const codes = Array.from({ length: CODES }, make)
      const rows = codes.map((code) => row(user_id, code, { kind: 'backup', expires_at: null }))
      await passkeyStore.replaceCodes(tx.tables<PasskeyTables>(), user_id, rows)
      return codes
    },
    async recovery(tx, user_id) {
      const code = make()
      const expires_at = iso(clock.now() + RECOVERY_MS)
      await passkeyStore.insertCode(
        tx.tables<PasskeyTables>(),
        row(user_id, code, { kind: 'recovery', expires_at }),
      )
      return code
    },
    drop: (tx, user_id) => passkeyStore.replaceCodes(tx.tables<PasskeyTables>(), user_id, []),
    isUsable: (user_id, code) =>
      passkeyStore.isUsable(store.reader.tables<PasskeyTables>(), user_id, hash(user_id, code), now()),
    left: (user_id) => passkeyStore.countBackupCodes(store.reader.tables<PasskeyTables>(), user_id),
    use: (tx, user_id, code) =>
      passkeyStore.useCode(tx.tables<PasskeyTables>(), user_id, hash(user_id, code), now()),
  }
}

/** Codes are typed by people: case, spaces and similar letters do not matter. */
function read(code: string): string {
  return code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
}
