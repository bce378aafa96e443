import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { CredentialData } from '../../../contract/credentials.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { DamagedError, openValue, sealValue } from './envelope.ts'
import { KeyslotsError } from './keyslots.ts'
import type { Keyslots } from './keyslots.ts'
import { vaultStore } from './store.ts'
import type { CredentialRow, VaultTables } from './store.ts'

type Db = Kysely<VaultTables>

/** What is known of a credential beside its secret, sealed with it as one. */
export interface About {
  service_name: string
  description?: string
  credential_type: CredentialRow['credential_type']
  expires_at: string | null
  auto_rotate: boolean
  /** The last characters of a secret that is long, by which its owner knows it. */
  hint?: string | undefined
  /** Whether it was sealed before it came here. */
  sealed?: true | undefined
  number: number
}

/** Seals secrets into rows and opens them again, and finds out whatever was done to the rows in between. */
export interface Safe {
  /** The columns that hold a secret and what is known of it; the numbers of an id only go up. */
  seal(
    db: Db,
    place: Pick<CredentialRow, 'id' | 'user_id'>,
    about: Omit<About, 'number'>,
    secret: Buffer,
  ): Promise<Sealed>
  /** Counts a row of another kind up, and keeps the count where no old row can be put back beside it. */
  pin(db: Db, user_id: string, name: string): Promise<number>
  pinned(db: Db, user_id: string, name: string): Promise<number | undefined>
  /** Notes that an id is no longer there. */
  unpin(db: Db, place: Pick<CredentialRow, 'id' | 'user_id'>): Promise<void>
  /** @throws Fault `SERVICE_UNAVAILABLE` when the row was changed by anybody else. */
  aboutOf(row: CredentialRow): About
  /** The secret, which the caller wipes, and what is known of it. @throws Fault as `aboutOf`. */
  open(db: Db, row: CredentialRow): Promise<{ secret: Buffer; about: About }>
  /** The secret of a row as one that another is about to follow. @throws Fault as `aboutOf`. */
  retire(row: CredentialRow): string
  /** What `retire` has kept, under the newest key. @throws Fault as `aboutOf`. */
  resealFormer(row: CredentialRow): string
  /** What `retire` has kept; the caller wipes it. @throws Fault as `aboutOf`. */
  openFormer(row: CredentialRow): { secret: Buffer } & Required<Pick<About, 'hint' | 'sealed'>>
  /** Finds the credentials of a service without reading their names. */
  serviceKey(user_id: string, service_name: string): string
}

export type Sealed = Pick<
  CredentialRow,
  'number' | 'key_id' | 'envelope' | 'about' | 'service_key' | 'credential_type' | 'expires_at'
>

/** Groups of a user's pins: each write rewrites one of them. */
const BUCKETS = 64

export function openSafe(kernel: Pick<Kernel, 'keys' | 'random'>, slots: Keyslots): Safe {
  const { keys, random } = kernel
  const pins = openPins(keys)
  const serviceKey = (user_id: string, name: string): string =>
    keys.mac('vault', JSON.stringify(['service', user_id, name]))
  const aboutOf = (row: CredentialRow): About => {
    const about = tried(() => JSON.parse(keys.unwrap('vault', row.about, placeOf(row)).toString()) as About)
    const { number, credential_type, expires_at } = about
    const isSame =
      number === row.number && credential_type === row.credential_type && expires_at === row.expires_at
    if (!isSame) throw damaged(row)
    return about

    function tried<T>(read: () => T): T {
      try {
        return read()
      } catch {
        throw damaged(row)
      }
    }
  }
  return {
    aboutOf,
    serviceKey,
    seal: async (db, { id, user_id }, given, secret) => {
      const number = await pins.next(db, user_id, id)
      const { id: key_id, key } = slots.current(user_id)
      const { service_name, credential_type, expires_at } = given
      const bound = { user_id, credential_id: id, number, key_id, credential_type, service_name }
      const about = JSON.stringify({ ...given, number } satisfies About)
      return {
        number,
        key_id,
        envelope: sealValue(key, secret, bound, random),
        about: keys.wrap('vault', Buffer.from(about), placeOf({ id, user_id })),
        service_key: serviceKey(user_id, service_name),
        credential_type,
        expires_at,
      }
    },
    pin: pins.next,
    pinned: pins.read,
    unpin: async (db, { id, user_id }) => {
      try {
        await pins.remove(db, user_id, id)
      } catch (error) {
        // What somebody has damaged keeps nothing from being deleted.
        if (!(error instanceof Fault)) throw error
      }
    },
    ...formers(kernel, slots, aboutOf),
    open: async (db, given) => {
      const pinned = await pins.read(db, given.user_id, given.id)
      // Between two reads its key may have been changed: what is newer is read again.
      const row =
        pinned === given.number ? given : ((await vaultStore.find(db, given.user_id, given.id)) ?? given)
      const about = aboutOf(row)
      const { service_name, credential_type, number } = about
      const { id: credential_id, user_id, key_id, envelope } = row
      if (pinned !== number && (await pins.read(db, user_id, credential_id)) !== number) throw damaged(row)
      const bound = { user_id, credential_id, number, key_id, credential_type, service_name }
      try {
        return { secret: openValue(slots.open(user_id, key_id), envelope, bound), about }
      } catch (error) {
        if (error instanceof DamagedError) throw damaged(row, error)
        if (error instanceof KeyslotsError) throw keyless(row, error)
        throw error
      }
    },
  }
}

function placeOf({ id, user_id }: Pick<CredentialRow, 'id' | 'user_id'>): string {
  return JSON.stringify(['about', user_id, id])
}

/** Keeps the secret that another follows, and opens it again. */
function formers(
  { keys, random }: Pick<Kernel, 'keys' | 'random'>,
  slots: Pick<Keyslots, 'open' | 'current'>,
  aboutOf: Safe['aboutOf'],
): Pick<Safe, 'retire' | 'openFormer' | 'resealFormer'> {
  const read = (row: CredentialRow): { kept: Former; secret: Buffer } => {
    const { id: credential_id, user_id, former } = row
    try {
      const kept = JSON.parse(keys.unwrap('vault', former ?? '', formerOf(row)).toString()) as Former
      const { envelope, hint: _hint, sealed: _sealed, ...bound } = kept
      const key = slots.open(user_id, kept.key_id)
      return { kept, secret: openValue(key, envelope, { ...bound, user_id, credential_id }) }
    } catch (error) {
      if (error instanceof KeyslotsError) throw keyless(row, error)
      throw damaged(row, error)
    }
  }
  const write = (row: CredentialRow, former: Former): string =>
    keys.wrap('vault', Buffer.from(JSON.stringify(former)), formerOf(row))
  return {
    retire: (row) => {
      const { number, credential_type, service_name, hint, sealed } = aboutOf(row)
      const { key_id, envelope } = row
      return write(row, { number, credential_type, service_name, hint, sealed, key_id, envelope })
    },
    openFormer: (row) => {
      const { kept, secret } = read(row)
      return { secret, hint: kept.hint, sealed: kept.sealed }
    },
    resealFormer: (row) => {
      const { kept, secret } = read(row)
      const { user_id, id: credential_id } = row
      const { id: key_id, key } = slots.current(user_id)
      const { envelope: _envelope, hint: _hint, sealed: _sealed, ...about } = kept
      const envelope = sealValue(key, secret, { ...about, user_id, credential_id, key_id }, random)
      secret.fill(0)
      return write(row, { ...kept, key_id, envelope })
    },
  }
}

interface Former extends Pick<About, 'number' | 'credential_type' | 'service_name' | 'hint' | 'sealed'> {
  key_id: string
  envelope: string
}

function formerOf({ id, user_id }: Pick<CredentialRow, 'id' | 'user_id'>): string {
  return JSON.stringify(['former', user_id, id])
}

function bucketOf(id: string): number {
  return (createHash('sha256').update(id).digest()[0] ?? 0) % BUCKETS
}

/** The newest number of each credential, in groups under a MAC. */
function openPins(keys: Kernel['keys']) {
  const macOf = (user_id: string, bucket: number, pins: string): string =>
    keys.mac('vault', JSON.stringify(['pins', user_id, bucket, pins]))
  const readAll = async (db: Db, user_id: string, bucket: number): Promise<Record<string, number>> => {
    const row = await vaultStore.pins(db, user_id, bucket)
    if (row === undefined) return {}
    if (row.mac !== macOf(user_id, bucket, row.pins))
      throw new Fault('SERVICE_UNAVAILABLE', 'The vault was changed from outside.', { reason: 'tampered' })
    return JSON.parse(row.pins) as Record<string, number>
  }
  const writeAll = async (
    db: Db,
    user_id: string,
    bucket: number,
    all: Record<string, number>,
  ): Promise<void> => {
    const pins = JSON.stringify(all)
    await vaultStore.putPins(db, { user_id, bucket, pins, mac: macOf(user_id, bucket, pins) })
  }
  return {
    read: async (db: Db, user_id: string, id: string): Promise<number | undefined> =>
      (await readAll(db, user_id, bucketOf(id)))[id],
    next: async (db: Db, user_id: string, id: string): Promise<number> => {
      const all = await readAll(db, user_id, bucketOf(id))
      const number = (all[id] ?? 0) + 1
      await writeAll(db, user_id, bucketOf(id), { ...all, [id]: number })
      return number
    },
    remove: async (db: Db, user_id: string, id: string): Promise<void> => {
      const { [id]: _gone, ...all } = await readAll(db, user_id, bucketOf(id))
      await writeAll(db, user_id, bucketOf(id), all)
    },
  }
}

function damaged({ id }: Pick<CredentialRow, 'id'>, cause?: unknown): Fault {
  const text = `The credential ${id} is not as it was stored; nothing of it was opened.`
  return new Fault('SERVICE_UNAVAILABLE', text, { reason: 'tampered', credential_id: id }, { cause })
}

function keyless({ id }: Pick<CredentialRow, 'id'>, cause: Error): Fault {
  const text = `The credential ${id} cannot be opened: ${cause.message}`
  return new Fault('SERVICE_UNAVAILABLE', text, { reason: 'key_missing', credential_id: id }, { cause })
}

/** A secret as it is sealed. */
export function toBytes(data: CredentialData): Buffer {
  return Buffer.from(JSON.stringify(data))
}

/** A secret in the clear; the bytes are wiped. */
export function toData(bytes: Buffer): CredentialData {
  try {
    return JSON.parse(bytes.toString()) as CredentialData
  } finally {
    bytes.fill(0)
  }
}
