import type { Client } from './client.ts'
import { makePasskey } from './passkey.ts'

/** Makes a passkey here and adds it; answers the backup codes that come with the first one. */
export async function addPasskey({ ask }: Client): Promise<readonly string[]> {
  const make = async () => {
    const user = await ask('auth.me', {})
    const made = await makePasskey(await ask('auth.biometric_challenge', { purpose: 'setup' }), user)
    return { ...made, name: nameHere() }
  }
  const { backup_codes } = await ask('auth.biometric_setup', await make(), { announced: true, remake: make })
  return backup_codes
}

/** A first name for a passkey, by what the browser says that it runs on. */
function nameHere(): string {
  const system = /Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux/.exec(navigator.userAgent)?.[0]
  if (system === undefined) return 'Passkey'
  return `Passkey on ${system.replace('Mac OS X', 'Mac').replace('CrOS', 'Chromebook')}`
}
