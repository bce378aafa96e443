import type { Input } from '../../contract/operation.ts'
import type { Operations } from '../../contract/index.ts'
import { flatten } from './model.ts'
import type { Flat, Model, chance } from './model.ts'
import type { Changer, Refusal } from './changer.ts'

type Chance = ReturnType<typeof chance>
type State = Record<string, unknown>

/** A change that is to be made, and what must come of it. */
export interface Deed {
  text: string
  /** The object; none for what is made, whose id the server gives. */
  key: string | undefined
  kind: string
  /** What it must be afterwards; nothing once it is deleted. */
  after: Flat | undefined
  /** Whether it must be refused because another one has the name or number. */
  is_taken: boolean
  make(changer: Changer): Promise<Refusal | undefined>
}

const AGENT_NAMES = ['Butler', 'Planner', 'Gardener', 'Tailor', 'PLANNER', 'Pilot'] as const
const WORKFLOW_NAMES = ['Tidy', 'Laundry', 'Compost', 'Harvest', 'TIDY', 'Brew'] as const
const TEXTS = ['', 'Old', 'New', 'Ünïcode "quoted"\n'] as const
const VOICE = [
  [{ phrase: 'sum it', action: 'count' }],
  [{ phrase: 'sum {it}', action: 'count', parameters: { b: 1, a: null } }],
] as const
const STEPS = [
  [{ id: 'a', agent_number: 0, action: 'set', parameters: { value: 1 } }],
  [{ id: 'a', agent_number: 0, action: 'set', parameters: { value: { z: 1, a: [] } } }],
  [
    { id: 'a', agent_number: 0, action: 'wait', parameters: { seconds: 5 } },
    { id: 'b', agent_number: 0, action: 'set', parameters: { value: 2 } },
  ],
] as const
const CRONS = ['0 * * * *', '30 6 * * 1'] as const

const isThere = (chosen: Chance): boolean => chosen.below(2) === 0

function preferences(chosen: Chance): State {
  const all: State = {
    tone: chosen.of(['dry', 'kind', null, '']),
    'a/b': chosen.below(3),
    'c~d ü': isThere(chosen),
    deep: { x: chosen.below(2), y: { z: chosen.below(3) } },
    list: chosen.of([[1, { b: 2, a: 1 }], [2], ['x']]),
  }
  return Object.fromEntries(Object.entries(all).filter(() => isThere(chosen)))
}

function trigger(chosen: Chance): State {
  if (isThere(chosen)) return { type: 'manual', conditions: {} }
  const timezone = chosen.of(['UTC', 'Europe/Berlin'])
  return { type: 'schedule', conditions: { cron: chosen.of(CRONS), timezone } }
}

function definition(chosen: Chance): State {
  return {
    trigger: trigger(chosen),
    steps: chosen.of(STEPS),
    error_handling: {
      strategy: chosen.of(['fail_fast', 'continue']),
      notification_on_error: isThere(chosen),
    },
    timeout_ms: chosen.of([60_000, 3_600_000]),
    retry_policy: {
      max_attempts: chosen.of([1, 3]),
      backoff_strategy: 'fixed',
      delay_ms: chosen.of([0, 50]),
    },
  }
}

/** One to three of some fields. */
function some(chosen: Chance, fields: Readonly<Record<string, () => unknown>>): State {
  const names = Object.keys(fields)
  const picked = new Set(Array.from({ length: 1 + chosen.below(3) }, () => chosen.of(names)))
  return Object.fromEntries(Array.from(picked, (name) => [name, fields[name]?.()]))
}

function agentFields(chosen: Chance): State {
  return some(chosen, {
    name: () => chosen.of(AGENT_NAMES),
    description: () => chosen.of(TEXTS),
    is_active: () => isThere(chosen),
    voice_enabled: () => isThere(chosen),
    config: () =>
      isThere(chosen) ? { preferences: preferences(chosen) } : { voice_commands: chosen.of(VOICE) },
  })
}

function workflowFields(chosen: Chance): State {
  return some(chosen, {
    name: () => chosen.of(WORKFLOW_NAMES),
    description: () => chosen.of(TEXTS),
    is_active: () => isThere(chosen),
    definition: () => definition(chosen),
  })
}

function settingFields(chosen: Chance): State {
  return some(chosen, {
    deleted_retention_days: () => chosen.of([10, 30, 50]),
    retention: () =>
      some(chosen, { history_days: () => chosen.of([30, 90]), logs_days: () => chosen.of([5, 30]) }),
    backups: () =>
      some(chosen, {
        keep: () => chosen.of([3, 7]),
        hour: () => chosen.below(3),
        daily: () => isThere(chosen),
      }),
    alerts: () => ({
      cpu_percent: { warning: chosen.of([70, 80]), critical: chosen.of([90, 95]) },
    }),
  })
}

/** Objects under one of these paths are replaced as a whole by the operations of their area. */
const REPLACED = /^\/(config\/(preferences|voice_commands)|definition)(?=\/|$)/

/** What is left of an object once fields were set the way that `PUT` sets them. */
function put(current: Flat, fields: State): Flat {
  const given = flatten(fields)
  const replaced = new Set(
    Array.from(flattenPaths(fields), (path) => REPLACED.exec(path)?.[0]).filter((path) => path !== undefined),
  )
  const kept = Array.from(current).filter(([path]) => !replaced.has(REPLACED.exec(path)?.[0] ?? ''))
  return new Map([...kept, ...given])
}

/** Every path that is named, also one of something empty. */
function* flattenPaths(value: unknown, path = ''): Generator<string> {
  yield path
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  for (const [name, one] of Object.entries(value)) yield* flattenPaths(one, `${path}/${name}`)
}

/** The same for a JSON merge, where null deletes. */
function merged(current: Flat, fields: State, path = ''): Flat {
  let next: Map<string, string> = new Map(current)
  for (const [name, value] of Object.entries(fields)) {
    const own = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (value === null)
      next = new Map(Array.from(next).filter(([at]) => at !== own && !at.startsWith(`${own}/`)))
    else if (typeof value === 'object' && !Array.isArray(value))
      next = new Map(merged(next, value as State, own))
    else next = new Map([...next, ...flatten(value, own)])
  }
  return next
}

/** What a JSON merge leaves alone where a `PUT` takes away is taken away by name, so that a trigger stays whole. */
function forMerge(fields: State): State {
  const given = fields['definition'] as { trigger?: { type: string } } | undefined
  if (given?.trigger?.type !== 'manual') return fields
  const conditions = { cron: null, timezone: null }
  return { ...fields, definition: { ...given, trigger: { type: 'manual', conditions } } }
}

function modification(
  kind: string,
  id: string,
  after_state: State,
  text: string,
): Input<Operations['system.modify']> {
  const types = { agent: 'agent_config', workflow: 'workflow_change', setting: 'system_setting' } as const
  const known = kind === 'agent' || kind === 'workflow' ? kind : 'setting'
  return { type: types[known], description: text, target: { kind: known, id }, after_state }
}

/** A random change of something that is there, or the making of something. */
export function chooseDeed(chosen: Chance, model: Model): Deed {
  const keys = Array.from(model.objects.keys())
  const own = keys.filter((key) => isOwn(model, key))
  const pick = chosen.below(12)
  if (pick < 2 || own.length === 0) return makeAgent(chosen, model)
  if (pick === 2) return makeWorkflow(chosen, model)
  if (pick === 3) return remove(chosen, chosen.of(own), model)
  if (pick === 4) return change(chosen, 'setting:config', model)
  return change(chosen, chosen.of(own), model)
}

/** The built-in agents are needed by others; two of them are played with as well. */
function isOwn(model: Model, key: string): boolean {
  const number = Number(model.objects.get(key)?.get('/agent_number') ?? 20)
  return key !== 'setting:config' && (number >= 20 || number === 5 || number === 6)
}

function makeAgent(chosen: Chance, model: Model): Deed {
  const numbers = new Set(Array.from(model.objects.values(), (flat) => flat.get('/agent_number')))
  const wished = isThere(chosen) ? { agent_number: 20 + chosen.below(6) } : {}
  const lowest = Array.from({ length: 100 }, (_, index) => 20 + index).find(
    (one) => !numbers.has(String(one)),
  )
  const input = { name: 'Butler', ...agentFields(chosen), ...wished }
  const defaults = { description: '', is_active: true, voice_enabled: true, agent_number: lowest }
  const after = flatten({ ...defaults, ...input })
  return {
    text: `agents.create ${JSON.stringify(input)}`,
    key: undefined,
    kind: 'agent',
    after,
    is_taken: model.holder('agent:', after) !== undefined,
    make: (changer) => changer.rest('agents.create', input),
  }
}

function makeWorkflow(chosen: Chance, model: Model): Deed {
  const input = { name: chosen.of(WORKFLOW_NAMES), definition: definition(chosen), ...workflowFields(chosen) }
  const after = flatten({ description: '', is_active: true, ...input })
  return {
    text: `workflows.create ${JSON.stringify(input)}`,
    key: undefined,
    kind: 'workflow',
    after,
    is_taken: model.holder('workflow:', after) !== undefined,
    make: (changer) => changer.rest('workflows.create', input as Input<Operations['workflows.create']>),
  }
}

function remove(chosen: Chance, key: string, model: Model): Deed {
  const [kind = '', id = ''] = key.split(':')
  const flat = model.objects.get(key)
  const isSaid = chosen.below(3) === 0
  const name = String(JSON.parse(flat?.get('/name') ?? '""'))
  const sentence =
    kind === 'agent' ? `delete agent ${flat?.get('/agent_number')}` : `delete the workflow ${name}`
  return {
    text: isSaid ? `“${sentence}”` : `${kind}s.delete ${id}`,
    key,
    kind,
    after: undefined,
    is_taken: false,
    make: (changer) =>
      isSaid
        ? said(changer, sentence)
        : changer.rest(kind === 'agent' ? 'agents.delete' : 'workflows.delete', { id }),
  }
}

function change(chosen: Chance, key: string, model: Model): Deed {
  const [kind = '', id = ''] = key.split(':')
  const current = model.objects.get(key) ?? new Map<string, string>()
  const way = chosen.of(['rest', 'socket', 'modify', 'sentence'] as const)
  const fields =
    kind === 'agent'
      ? agentFields(chosen)
      : kind === 'workflow'
        ? workflowFields(chosen)
        : settingFields(chosen)
  if (way === 'sentence' && kind !== 'setting') return speak(chosen, key, current, model)
  const isMerge = way === 'socket' || way === 'modify'
  const wanted = isMerge ? forMerge(fields) : fields
  const after = isMerge || kind === 'setting' ? merged(current, wanted) : put(current, wanted)
  const text = `${way} ${key} ${JSON.stringify(wanted)}`
  const modified = modification(kind, id, wanted, text.slice(0, 500))
  const asked = { id, ...wanted }
  return {
    text,
    key,
    kind,
    after,
    is_taken: model.holder(key, after) !== undefined,
    make: (changer) => {
      if (way === 'socket') return changer.socket(modified)
      if (way === 'modify') return changer.rest('system.modify', modified)
      if (kind === 'setting') return changer.rest('system.config', wanted)
      return changer.rest(kind === 'agent' ? 'agents.update' : 'workflows.update', asked)
    },
  }
}

function speak(chosen: Chance, key: string, current: Flat, model: Model): Deed {
  const [kind = ''] = key.split(':')
  const name = String(JSON.parse(current.get('/name') ?? '""'))
  const called = kind === 'agent' ? `agent ${current.get('/agent_number')}` : name
  const isRename = kind === 'agent' && isThere(chosen)
  const [wished, isOn] = [chosen.of(AGENT_NAMES), isThere(chosen)]
  const sentence = isRename ? `rename ${called} to ${wished}` : `turn ${isOn ? 'on' : 'off'} ${called}`
  const after = put(current, isRename ? { name: wished } : { is_active: isOn })
  const is_taken = model.holder(key, after) !== undefined
  return { text: `“${sentence}”`, key, kind, after, is_taken, make: (changer) => said(changer, sentence) }
}

async function said(changer: Changer, sentence: string): Promise<Refusal | undefined> {
  const { failed, said: answer, input } = await changer.say(sentence)
  if (failed !== undefined) return failed
  return input === undefined ? { code: 'SAID', details: { answer } } : undefined
}
