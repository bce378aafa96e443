import type { Parts } from './parts.ts'

/** How well an account is guarded. */
export interface Safety {
  passkeys: number
  /** Of these, the ones that are kept in a file rather than in a device. */
  software_passkeys: number
  backup_codes_left: number
  sessions: number
  /** Whether a passkey is asked for where a password would do. */
  wants_passkey: boolean
}

export async function safetyOf(
  { accounts, codes, registry, sessions }: Pick<Parts, 'accounts' | 'codes' | 'registry' | 'sessions'>,
  user_id: string,
): Promise<Safety> {
  const passkeys = registry.of(user_id)
  return {
    passkeys: passkeys.length,
    software_passkeys: passkeys.filter(({ software }) => software !== 0).length,
    backup_codes_left: await codes.left(user_id),
    sessions: (await sessions.list(user_id, undefined)).length,
    wants_passkey: accounts.get(user_id)?.wants_passkey ?? false,
  }
}
