// Proves a call with the passkey that `paios passkey add` has made on this machine. Reads the refusal of the call (403,
// AUTH_002) from standard input, and writes the value of the header X-Biometric-Proof.
//
//   curl ... | node examples/prove.mjs
import { createHash, createPrivateKey, sign } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const file = process.env.PAIOS_PASSKEY_FILE ?? join(homedir(), '.config/paios/cli-passkeys.json')
const { error } = JSON.parse(readFileSync(0, 'utf8'))
const { challenge, rp_id, allow_credentials = [] } = error?.details ?? {}
const { passkeys } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passkeys: [] }
const key = passkeys.findLast((one) => allow_credentials.includes(one.credential_id))
if (challenge === undefined || key === undefined || new URL(key.origin).hostname !== rp_id) {
  process.stderr.write(
    `${error?.message ?? 'That is no refusal.'} No passkey of this machine can prove it.\n`,
  )
  process.exit(1)
}

const base64url = (bytes) => Buffer.from(bytes).toString('base64url')
const client_data = JSON.stringify({
  type: 'webauthn.get',
  challenge,
  origin: key.origin,
  crossOrigin: false,
})
// Who is meant, that somebody is there and is who they are (5), and a counter that stays 0.
const data = Buffer.concat([createHash('sha256').update(rp_id).digest(), Buffer.from([5, 0, 0, 0, 0])])
const signed = Buffer.concat([data, createHash('sha256').update(client_data).digest()])
const private_key = createPrivateKey({
  key: Buffer.from(key.private_key, 'base64url'),
  format: 'der',
  type: 'pkcs8',
})
const proof = {
  credential_id: key.credential_id,
  challenge_response: base64url(sign('sha256', signed, private_key)),
  authenticator_data: base64url(data),
  client_data_json: base64url(client_data),
}
process.stdout.write(`${base64url(JSON.stringify(proof))}\n`)
