import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fakeClock, seededRandom } from '../../../test/clock.ts'
import type { FakeClock } from '../../../test/clock.ts'
import { checkpointKey } from '../audit/checkpoints.ts'
import { iso } from '../clock.ts'
import { openRootKey } from '../crypto.ts'
import { kernelMigrations, openKernel } from '../kernel.ts'
import type { Kernel } from '../kernel.ts'
import { openLog } from '../log.ts'
import { START, idleSyncer, temporaryFolder } from '../rig.ts'
import { readSettings } from '../settings.ts'
import { openConnection } from '../store/connection.ts'
import type { Migration } from '../store/migrate.ts'
import { makeAndVerify } from './keep.ts'
import { makeBackup } from './make.ts'
import type { Made, MakeOptions } from './make.ts'
import { DATABASE } from './place.ts'
import { placeFolder, restore } from './restore.ts'
import type { RestoreOptions, RestoreReport } from './restore.ts'
import type { VerifyOptions } from './verify.ts'

export const PETS: Migration = {
  name: 'pets-1',
  statements: ['CREATE TABLE pets (name TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID'],
}

/** A data folder with a kernel on it, which can be closed and opened again, and what is needed to back it up. */
export interface Data {
  data_dir: string
  key_file: string
  clock: FakeClock
  judging: VerifyOptions
  open(migrations?: readonly Migration[]): Kernel
  /** Commits a pet and the audit line of it. */
  add(kernel: Kernel, name: string): Promise<void>
  /** The pets in a folder of data, which no kernel has open. */
  pets(folder?: string): string[]
  make(changed?: Partial<MakeOptions>): Promise<Made>
  /** The same, looked at, and older ones let go of. */
  keep(keep: number, changed?: Partial<MakeOptions & VerifyOptions>): Promise<Made>
  restore(folder: string, changed?: Partial<RestoreOptions>): Promise<RestoreReport>
}

export function openData(t: TestContext, seed = 1): Data {
  const root = temporaryFolder(t)
  const [data_dir, key_file] = [join(root, 'data'), join(root, 'root.key')]
  const clock = fakeClock(START)
  const random = seededRandom(seed)
  const keys = openRootKey({ key_file }, random)
  const key = keys.derive('backup')
  const known = [...kernelMigrations, PETS].map(({ name }) => name)
  const judging = { key, audit_key: keys.derive('audit'), signing_key: checkpointKey(keys), known }
  const given = (changed?: Partial<MakeOptions>): MakeOptions => {
    return { data_dir, key, version: '1.2.3', now: iso(clock.now()), reason: 'asked', ...changed }
  }
  const make: Data['make'] = (changed) => makeBackup(given(changed))
  return {
    data_dir,
    key_file,
    clock,
    judging,
    make,
    keep: (keep, changed) => makeAndVerify({ ...judging, ...given(), ...changed, keep }),
    open: (migrations = [PETS]) => {
      const kernel = openKernel({
        settings: readSettings({ PAIOS_DATA_DIR: data_dir, PAIOS_KEY_FILE: key_file }),
        clock,
        random,
        log: openLog('error', clock, () => {}),
        migrations,
        version: '1.2.3',
        onFatal: (error) => {
          throw error
        },
        syncer: () => idleSyncer,
      })
      let closed: Promise<void> | undefined
      const close = () => (closed ??= kernel.close())
      t.after(close)
      return { ...kernel, close }
    },
    add: (kernel, name) =>
      kernel.store.write((tx) => {
        tx.connection.run('INSERT INTO pets VALUES (?)', [name])
        kernel.audit.write(tx, { ...LINE, target: name })
        return Promise.resolve()
      }),
    pets: (folder = data_dir) => {
      const connection = openConnection(join(folder, DATABASE), { synchronous: 'FULL', read_only: true })
      try {
        return connection.all('SELECT name FROM pets ORDER BY name', []).map((row) => String(row['name']))
      } finally {
        connection.close()
      }
    },
    restore: (folder, changed) =>
      restore(placeFolder(folder, key), {
        ...judging,
        data_dir,
        now: iso(clock.now()),
        saveCurrent: async () => (await make({ reason: 'restore' })).name,
        ...changed,
      }),
  }
}

const LINE = {
  request_id: 'r',
  actor: 'ann',
  session_id: null,
  transport: 'http',
  operation: 'pets.add',
  target: null,
  status: 200,
  outcome: 'ok',
  ip: '::1',
  counted: 0,
  duration_ms: 1,
} as const
