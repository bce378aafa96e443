import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import { isoBase64URL } from '@simplewebauthn/server/helpers'
import type { Destination } from '../../contract/credentials.ts'
import type { Assertion } from '../../sdk/authenticator.ts'
import { openValue } from '../../server/domains/vault/envelope.ts'
import { keyslotsPath, openKeyslots } from '../../server/domains/vault/keyslots.ts'
import type { Keyslots } from '../../server/domains/vault/keyslots.ts'
import type { CredentialRow, GrantRow, PinRow } from '../../server/domains/vault/store.ts'
import { Audit } from '../../server/kernel/audit.ts'
import { checkpointsPath } from '../../server/kernel/audit/checkpoints.ts'
import { iso, systemClock } from '../../server/kernel/clock.ts'
import { openRootKey } from '../../server/kernel/crypto.ts'
import type { Keys } from '../../server/kernel/crypto.ts'
import { openIds, systemRandom } from '../../server/kernel/ids.ts'
import type { Connection } from '../../server/kernel/store/connection.ts'
import { openConnection } from '../../server/kernel/store/connection.ts'
import { Store } from '../../server/kernel/store/store.ts'
import type { Tx } from '../../server/kernel/store/store.ts'
import { openSyncer } from '../../server/kernel/store/sync.ts'
import { log } from '../http/app.ts'
import { PAGE } from './scene.ts'
import type { Scene } from './scene.ts'

/** The product's own, as far as they decide which rows there are. */
const EVENTS_KEPT = 2_000
const EVENTS_PRUNED_EVERY = 256
const NONCE_MS = 86_400_000
const CHALLENGE_MS = 120_000
const BUCKETS = 64
/** Of a challenge, as many of them as the product remembers. */
const NONCE_CHARACTERS = 22

const SQL = {
  forget_nonces: 'DELETE FROM used_nonces WHERE expires_at <= ?',
  nonce: 'INSERT INTO used_nonces (nonce, expires_at) VALUES (?, ?)',
  passkey: 'UPDATE passkeys SET counter = 0, last_used_at = ? WHERE user_id = ? AND credential_id = ?',
  credential: 'SELECT * FROM credentials WHERE user_id = ? AND id = ?',
  pins: 'SELECT * FROM credential_pins WHERE user_id = ? AND bucket = ?',
  used: 'UPDATE credentials SET last_used = ?, usage_count = usage_count + 1 WHERE user_id = ? AND id = ?',
  grants: `SELECT * FROM credential_grants WHERE user_id = ? AND agent_id = ? AND credential_id = ?
    AND revoked_at IS NULL`,
  notification: `INSERT INTO notifications (notification_id, user_id, source_agent, severity, text, data, created_at,
    held_until, delivered_at, read_at) VALUES (?, ?, 0, 'info', ?, NULL, ?, NULL, ?, NULL)`,
  seq: `INSERT INTO event_counters (user_id, seq, bytes) VALUES (?, 1, ?) ON CONFLICT (user_id)
    DO UPDATE SET seq = event_counters.seq + 1, bytes = event_counters.bytes + excluded.bytes RETURNING seq`,
  event: 'INSERT INTO events (user_id, seq, name, data, created_at) VALUES (?, ?, ?, ?, ?)',
  prune_events: 'DELETE FROM events WHERE user_id = ? AND seq < ?',
  bytes: `UPDATE event_counters SET bytes = (SELECT sum(octet_length(data)) FROM events WHERE user_id = ?)
    WHERE user_id = ?`,
} as const

/** A challenge that was signed: what is remembered of it, so that it is not used again. */
interface Signed {
  nonce: string
  expires_at: number
}
interface About {
  number: number
  service_name: string
}

/**
 * The control: what somebody would write by hand who wants to show a secret for a passkey, and to put one into a request
 * of an agent, and nothing else. It shares the driver, the group commit, the audit, the keys, the envelopes and the
 * library that verifies passkeys with the product, and writes what that writes, in as many transactions. All the rest is
 * left out: no pipeline of guards, no validation, no limits, no challenge that is bound to the call beyond the id, no
 * evidence, no wishes of the user, and nothing that would take the secret out of what comes back. A token is not looked at.
 */
export class Control {
  readonly store: Store
  readonly audit: Audit
  readonly #scene: Scene
  readonly #keys: Keys
  readonly #slots: Keyslots
  /** What may be signed, and the secret that it shows. */
  readonly #challenges = new Map<string, { id: string; expires_at: number }>()
  readonly #id = openIds(() => Date.now(), systemRandom)

  constructor(folder: string, scene: Scene) {
    const path = join(folder, 'data', 'paios.sqlite')
    const key_file = join(folder, 'root.key')
    this.#scene = scene
    this.#keys = openRootKey({ key_file }, systemRandom)
    this.#slots = openKeyslots({
      path: keyslotsPath(key_file),
      keys: this.#keys,
      random: systemRandom,
      now: () => iso(Date.now()),
    })
    this.store = new Store({
      clock: systemClock,
      writer: openConnection(path, { synchronous: 'NORMAL' }),
      reader: openConnection(path, { synchronous: 'NORMAL', read_only: true }),
      syncer: openSyncer(path),
      onFatal: (error) => {
        throw error
      },
    })
    this.audit = new Audit({
      store: this.store,
      clock: systemClock,
      log,
      keys: this.#keys,
      checkpoints_path: checkpointsPath(join(folder, 'data')),
      instance: () => 'control',
    })
  }

  /** What a passkey has to sign for a secret. */
  challenge(id: string): string {
    const challenge = randomBytes(32).toString('base64url')
    this.#challenges.set(challenge, { id, expires_at: Date.now() + CHALLENGE_MS })
    return challenge
  }

  /** Shows a secret, once that is on the disk. */
  async reveal(id: string, proof: Assertion): Promise<object> {
    const began = systemClock.elapsed()
    const signed = await this.#verify(id, proof)
    const shown = await this.store.write((tx) => Promise.resolve(this.#show(tx, id, signed, began)))
    await this.store.settled()
    return shown
  }

  /** Puts a secret into the headers of a request of the agent. */
  async lend(
    id: string,
    origin: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Record<string, string>> {
    const { connection } = this.store.reader
    const { user_id, agent_id } = this.#scene
    const rows = connection.all(SQL.grants, [user_id, agent_id, id]) as unknown as GrantRow[]
    const places = rows
      .filter((row) => this.#holds(connection, row))
      .flatMap((row) => JSON.parse(row.destinations) as Destination[])
      .filter((place) => place.origin === origin)
    const { row, value } = this.#open(connection, id)
    const [place] = places
    if (place === undefined || (row.expires_at !== null && Date.parse(row.expires_at) <= Date.now()))
      throw new Error('Not granted.')
    await this.store.write((tx) => {
      tx.connection.run(SQL.used, [iso(Date.now()), user_id, id])
      return Promise.resolve()
    })
    return { ...headers, [place.name]: `Bearer ${value}` }
  }

  async close(): Promise<void> {
    await this.audit.close()
    await this.store.close()
  }

  /** Checks an assertion; answers the end of its challenge, which is used up. */
  async #verify(id: string, given: Assertion): Promise<Signed> {
    const { key, public_key } = this.#scene
    const client = JSON.parse(Buffer.from(given.client_data_json, 'base64url').toString()) as object
    const challenge = 'challenge' in client ? String(client.challenge) : ''
    const known = this.#challenges.get(challenge)
    this.#challenges.delete(challenge)
    if (known?.id !== id || known.expires_at <= Date.now() || given.credential_id !== key.credential_id)
      throw new Error('The proof is for something else.')
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id: given.credential_id,
        rawId: given.credential_id,
        type: 'public-key',
        response: {
          clientDataJSON: given.client_data_json,
          authenticatorData: given.authenticator_data,
          signature: given.challenge_response,
        },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: PAGE,
      expectedRPID: new URL(PAGE).hostname,
      credential: {
        id: given.credential_id,
        publicKey: isoBase64URL.toBuffer(public_key),
        counter: 0,
      },
      requireUserVerification: true,
    })
    if (!verified) throw new Error('The proof does not hold.')
    return { nonce: challenge.slice(0, NONCE_CHARACTERS), expires_at: known.expires_at }
  }

  #show(tx: Tx, id: string, signed: Signed, began: number): object {
    const { connection } = tx
    const { user_id, key } = this.#scene
    const now = Date.now()
    connection.run(SQL.forget_nonces, [now - NONCE_MS])
    connection.run(SQL.nonce, [signed.nonce, signed.expires_at])
    connection.run(SQL.passkey, [iso(now), user_id, key.credential_id])
    const { row, about, value } = this.#open(connection, id)
    const last_used = iso(now)
    connection.run(SQL.used, [last_used, user_id, id])
    this.#tell(connection, `The credential for ${about.service_name} was shown.`, last_used)
    this.audit.write(tx, this.#line(id, began))
    const { envelope: encrypted_data, key_id: encryption_key_id, credential_type } = row
    const { created_at, updated_at } = row
    return {
      id,
      user_id,
      service_name: about.service_name,
      credential_type,
      encrypted_data,
      encryption_key_id,
      metadata: { last_used, usage_count: row.usage_count + 1, auto_rotate: false },
      created_at,
      updated_at,
      credential_data: { value },
    }
  }

  /** Holds a row against its pin, and opens what is known of it, its key and its secret. */
  #open(connection: Connection, id: string): { row: CredentialRow; about: About; value: string } {
    const { user_id } = this.#scene
    const row = connection.all(SQL.credential, [user_id, id])[0] as unknown as CredentialRow
    const place = JSON.stringify(['about', user_id, id])
    const about = JSON.parse(this.#keys.unwrap('vault', row.about, place).toString()) as About
    const { number, key_id, credential_type, envelope } = row
    if (about.number !== number || this.#pinned(connection, id) !== number) throw new Error('It was changed.')
    const { service_name } = about
    const bound = { user_id, credential_id: id, number, key_id, credential_type, service_name }
    const secret = openValue(this.#slots.open(user_id, key_id), envelope, bound)
    const { value } = JSON.parse(secret.toString()) as { value: string }
    secret.fill(0)
    return { row, about, value }
  }

  #holds(connection: Connection, row: GrantRow): boolean {
    const { id, user_id, agent_id, credential_id, destinations, expires_at, revoked_at, number } = row
    const said = ['grant', id, user_id, agent_id, credential_id, destinations, expires_at, revoked_at, number]
    return (
      row.mac === this.#keys.mac('vault', JSON.stringify(said)) &&
      this.#pinned(connection, `grant ${id}`) === number
    )
  }

  #pinned(connection: Connection, name: string): number | undefined {
    const { user_id } = this.#scene
    const bucket = (createHash('sha256').update(name).digest()[0] ?? 0) % BUCKETS
    const { pins, mac } = connection.all(SQL.pins, [user_id, bucket])[0] as unknown as PinRow
    if (mac !== this.#keys.mac('vault', JSON.stringify(['pins', user_id, bucket, pins])))
      throw new Error('The pins were changed.')
    return (JSON.parse(pins) as Record<string, number>)[name]
  }

  #tell(connection: Connection, text: string, created_at: string): void {
    const { user_id } = this.#scene
    const notification_id = this.#id()
    connection.run(SQL.notification, [notification_id, user_id, text, created_at, created_at])
    const told = { notification_id, source_agent: 0, severity: 'info', text, created_at }
    const data = JSON.stringify({ ...told, delivered_at: created_at })
    const seq = Number(connection.all(SQL.seq, [user_id, Buffer.byteLength(data)])[0]?.['seq'])
    connection.run(SQL.event, [user_id, seq, 'notification:created', data, created_at])
    if (seq % EVENTS_PRUNED_EVERY !== 0) return
    connection.run(SQL.prune_events, [user_id, seq - EVENTS_KEPT])
    connection.run(SQL.bytes, [user_id, user_id])
  }

  #line(target: string, began: number) {
    const { user_id: actor, token } = this.#scene
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    return {
      request_id: randomUUID(),
      actor,
      session_id: (JSON.parse(claims) as { sid: string }).sid,
      transport: 'http',
      operation: 'credentials.get',
      target,
      status: 200,
      outcome: 'ok',
      ip: '127.0.0.1',
      counted: 0,
      duration_ms: Math.round((systemClock.elapsed() - began) * 1000) / 1000,
    }
  }
}
