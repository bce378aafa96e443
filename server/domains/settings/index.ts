import { ENGINE_DEFAULTS } from '../../../contract/speech.ts'
import { SystemConfig, system } from '../../../contract/system.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { hot } from '../../kernel/store/dialect.ts'
import type { Migration } from '../../kernel/store/migrate.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { storedFields } from '../../kernel/stored.ts'
import { findIssues } from '../../kernel/validate.ts'
import type { Auth } from '../auth/index.ts'
import type { Changes } from '../changes/index.ts'
import { isSame, refuseState } from '../changes/kinds.ts'
import type { Kind, State } from '../changes/kinds.ts'
import { merge } from '../changes/patch.ts'
import { OWN_ENGINES, findEngineIssues } from './engines.ts'

/** What holds until the owner says otherwise. */
export const DEFAULTS: SystemConfig = {
  alerts: {
    cpu_percent: { warning: 80, critical: 95 },
    memory_percent: { warning: 85, critical: 95 },
    slow_p95_ms: { warning: 1_000, critical: 5_000 },
  },
  software_passkeys: true,
  deleted_retention_days: 30,
  retention: { history_days: 90, logs_days: 30 },
  backups: { keep: 7, hour: 3, daily: true },
  speech: { engines: [] },
}

/** The only target of its kind: a change of one setting leaves later changes of the others alone. */
const CONFIG = 'config'

/** What differs from the defaults, as JSON, in one row. */
interface SettingsTables {
  settings: { id: string; config: string }
}

export const settingsMigrations: readonly Migration[] = [
  {
    name: 'settings-1',
    statements: ['CREATE TABLE settings (id TEXT PRIMARY KEY, config TEXT NOT NULL) WITHOUT ROWID'],
  },
]

const find = hot<SettingsTables, { id: string }, { config: string }>((db, value) =>
  db.selectFrom('settings').select('config').where('id', '=', value('id')),
)

export interface Settings {
  answers: Answers
  /** The settings as they are now. */
  read(): SystemConfig
  /** Hears, once it is committed, that settings have changed. */
  onChange(listener: (config: SystemConfig) => void): void
}

interface Parts {
  changes: Changes
  auth: Pick<Auth, 'hasHardware' | 'behind'>
}

/** The settings of the whole server, which its owner changes while it runs. */
export function openSettings(kernel: Kernel, { changes, auth }: Parts): Settings {
  const { reader } = kernel.store
  const listeners: ((config: SystemConfig) => void)[] = []
  let known = readFrom(reader)
  const set = async (tx: Tx, user_id: string, config: SystemConfig): Promise<void> => {
    if (!config.software_passkeys && readFrom(tx).software_passkeys && !auth.hasHardware(user_id))
      throw new Fault(
        'MODIFICATION_FAILED',
        'You have no passkey but those in files: you could prove nothing more.',
      )
    const row = { id: CONFIG, config: JSON.stringify(config) }
    await tx
      .tables<SettingsTables>()
      .insertInto('settings')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ config: row.config }))
      .execute()
    tx.afterCommit(() => {
      known = config
      for (const listener of listeners) listener(known)
    })
  }
  const change = async (tx: Tx, user_id: string, given: State, description: string): Promise<void> => {
    const before: State = readFrom(tx)
    const after = checked(given)
    if (isSame(before, after)) return
    await set(tx, user_id, after)
    const target = { type: 'system_setting', kind: 'setting', target: CONFIG } as const
    await changes.record(tx, { user_id, ...target, description, before, after, applied_by: user_id })
  }
  // They are among what the owner has configured, and nobody else.
  const isOwner = (user_id: string) => auth.behind(user_id)?.role === 'owner'
  changes.register('setting', settingKind({ set, change, isOwner }))
  return {
    read: () => known,
    onChange: (listener) => listeners.push(listener),
    answers: {
      [system.settings.name]: reads(system.settings, () => Promise.resolve(known)),
      [system.config.name]: writes(system.config, {
        prepare: async ({ user_id }, given) => {
          const before: State = readFrom(reader)
          const after = checked(merge(before, given))
          return changes.assess({ user_id, kind: 'setting', target: CONFIG, before, after })
        },
        commit: async (tx, { user_id }, given, foreseen) => {
          const wanted = checked(merge(readFrom(tx), given))
          changes.assessed(tx, foreseen)
          await change(tx, user_id, wanted, `Changed settings: ${Object.keys(given).toSorted().join(', ')}.`)
          return toConfig(wanted)
        },
      }),
    },
  }
}

const read = (db: Pick<Tx, 'tables'>): Promise<SystemConfig> =>
  db
    .tables<SettingsTables>()
    .selectFrom('settings')
    .select('config')
    .where('id', '=', CONFIG)
    .executeTakeFirst()
    .then((row) => keptIn(row))

function settingKind({
  set,
  change,
  isOwner,
}: {
  isOwner: (user_id: string) => boolean
  set: (tx: Tx, user_id: string, config: SystemConfig) => Promise<void>
  change: (tx: Tx, user_id: string, wanted: State, description: string) => Promise<void>
}): Kind {
  return {
    read,
    checkMixed: (_db, _user_id, _id, state) => {
      checked(state)
      return Promise.resolve()
    },
    restore: (tx, user_id, _id, state) => set(tx, user_id, checked(state ?? {})),
    modify: {
      type: 'system_setting',
      all: async (db, user_id) => (isOwner(user_id) ? [[CONFIG, await read(db)]] : []),
      find: ({ caller }: Call, ref) => {
        if (caller?.role !== 'owner') {
          const text = 'Only the owner of this server may change settings.'
          throw new Fault('UNAUTHORIZED', text, undefined, { status: 403 })
        }
        if (ref === undefined || ref === CONFIG) return CONFIG
        throw new Fault('VALIDATION_ERROR', `There are no settings ${ref}.`, { id: ref }, { status: 404 })
      },
      check: (_call, _id, wanted) => {
        refuseState(system.config.input, wanted)
        checked(wanted)
        return Promise.resolve()
      },
      apply: (tx, user_id, _id, wanted, description) => change(tx, user_id, wanted, description),
    },
  }
}

function readFrom({ connection }: Pick<Tx, 'connection'>): SystemConfig {
  const row = find.all(connection, { id: CONFIG })[0]
  return keptIn(row)
}

/** What a row keeps; everything is as it comes where somebody has damaged that. */
function keptIn(row: Pick<SettingsTables['settings'], 'config'> | undefined): SystemConfig {
  const config = toConfig(row && storedFields<State>(row.config))
  return findIssues(SystemConfig, config).length === 0 ? config : DEFAULTS
}

/** A setting of a later version than the row has its default. */
function toConfig(stored: State | undefined): SystemConfig {
  return merge(DEFAULTS, stored ?? {}) as unknown as SystemConfig
}

/** The settings whole. @throws Fault `VALIDATION_ERROR` when they contradict each other. */
function checked(state: State): SystemConfig {
  const given = toConfig(state)
  const filled = given.speech.engines.map((one) => ({ ...ENGINE_DEFAULTS, ...one }))
  const config = { ...given, speech: { ...given.speech, engines: filled } }
  const contradictory = Object.entries(config.alerts).flatMap(([name, { warning, critical }]) =>
    warning < critical ? [] : [{ path: `/alerts/${name}/warning`, message: 'must be below critical' }],
  )
  const engines = findEngineIssues(config.speech.engines, OWN_ENGINES).map(({ path, message }) => ({
    path: `/speech/engines${path}`,
    message,
  }))
  const issues = [...contradictory, ...engines]
  const [first] = issues
  if (first !== undefined) throw new Fault('VALIDATION_ERROR', `${first.path} ${first.message}.`, { issues })
  return config
}
