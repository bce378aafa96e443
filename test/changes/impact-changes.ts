import { defined } from '../../server/domains/workflows/rig.ts'
import type { World } from './impact-world.ts'

/** One change: a merge into an agent, a workflow or the settings, or an operation that makes, changes or deletes one. */
export type Wanted =
  | { modify: 'agent' | 'workflow' | 'setting'; of: string; after_state: Record<string, unknown> }
  | { ask: 'agents.create' | 'workflows.create'; input: Record<string, unknown> }
  | { ask: 'agents.update' | 'agents.delete'; agent: string; input?: Record<string, unknown> }
  | { ask: 'workflows.update' | 'workflows.delete'; workflow: string; input?: Record<string, unknown> }

const agent = (of: string, after_state: Record<string, unknown>): Wanted => ({
  modify: 'agent',
  of,
  after_state,
})
const workflow = (of: string, after_state: Record<string, unknown>): Wanted => ({
  modify: 'workflow',
  of,
  after_state,
})
const trigger = (of: string, type: string, conditions: Record<string, unknown>, more: object = {}): Wanted =>
  workflow(of, { definition: { trigger: { type, conditions, ...more } } })
const skill = (of: string, name: string | null): Wanted =>
  agent(of, { config: { preferences: { skill: name } } })
const says = (of: string, ...phrases: [phrase: string, action: string][]): Wanted =>
  agent(of, { config: { voice_commands: phrases.map(([phrase, action]) => ({ phrase, action })) } })
const SET = { id: 'set', agent_number: 0, action: 'set', parameters: { value: 2 } }
const made = (
  name: string,
  type: 'schedule' | 'voice_command' | 'manual',
  conditions: Record<string, unknown>,
): Wanted => ({
  ask: 'workflows.create',
  input: { name, definition: defined({ trigger: { type, conditions }, steps: [SET] }) },
})

/** Written before anything was run; each is made in a world of its own. */
export const CHANGES: Readonly<Record<string, Wanted>> = {
  'rename Larder': agent('Larder', { name: 'Cellar' }),
  'rename Scholar': agent('Scholar', { name: 'Sage' }),
  'rename the tasks agent': agent('Tasks & Lists', { name: 'Chores' }),
  'rename Spare, described anew': agent('Spare', { name: 'Butler', description: 'Nothing yet.' }),
  'describe Scholar': agent('Scholar', { description: 'Knows numbers.' }),
  'a tone for Player': agent('Player', { config: { preferences: { tone: 'dry' } } }),
  'switch Larder off': agent('Larder', { is_active: false }),
  'switch Player off': agent('Player', { is_active: false }),
  'switch Data off': { ask: 'agents.update', agent: 'Data', input: { is_active: false } },
  'switch Tasks off': agent('Tasks & Lists', { is_active: false }),
  'switch Scholar off': { ask: 'agents.update', agent: 'Scholar', input: { is_active: false } },
  'Larder listens no more': agent('Larder', { voice_enabled: false }),
  'Tasks listens no more': agent('Tasks & Lists', { voice_enabled: false }),
  'Notes listens no more': { ask: 'agents.update', agent: 'Notes & Memory', input: { voice_enabled: false } },
  'Larder forgets its phrase': agent('Larder', { config: { voice_commands: [] } }),
  'Larder has another phrase': says('Larder', ['stock up on {items}', 'add']),
  'Notes takes over the pantry': says('Notes & Memory', ['pantry gets {text}', 'remember']),
  'Spare becomes a tasks agent': skill('Spare', 'tasks'),
  'Larder becomes a data agent': skill('Larder', 'data'),
  'Scholar becomes a tasks agent': skill('Scholar', 'tasks'),
  'Player has no skill': skill('Player', null),
  'delete Larder': { ask: 'agents.delete', agent: 'Larder' },
  'delete Player': { ask: 'agents.delete', agent: 'Player', input: { force: true } },
  'delete Data': { ask: 'agents.delete', agent: 'Data', input: { force: true } },
  'delete Tasks': { ask: 'agents.delete', agent: 'Tasks & Lists', input: { force: true } },
  'delete Spare': { ask: 'agents.delete', agent: 'Spare' },
  'delete Reminders': { ask: 'agents.delete', agent: 'Reminders & Calendar', input: { force: true } },
  'make a plain agent': { ask: 'agents.create', input: { name: 'Boiler' } },
  'make an agent with a skill': {
    ask: 'agents.create',
    input: { name: 'Milkman', config: { preferences: { skill: 'tasks' } } },
  },
  'make an agent that takes a phrase': {
    ask: 'agents.create',
    input: {
      name: 'Meter',
      config: {
        preferences: { skill: 'text' },
        voice_commands: [{ phrase: 'how is the system', action: 'count', parameters: { text: 'well' } }],
      },
    },
  },
  'Hourly at half past': trigger('Hourly', 'schedule', { cron: '30 * * * *' }),
  'Hourly in another zone of whole hours': trigger('Hourly', 'schedule', { timezone: 'Europe/Berlin' }),
  'Noon in New York': trigger('Noon', 'schedule', { timezone: 'America/New_York' }),
  'Noon at once after': trigger('Noon', 'schedule', { cron: '0 12 * * *' }),
  'Pulse faster': trigger('Pulse', 'schedule', { every_ms: 2_000_000 }),
  'Once later': trigger('Once', 'schedule', { at: '2026-11-22T12:40:00Z' }),
  'Hourly off': workflow('Hourly', { is_active: false }),
  'Sleepy on': { ask: 'workflows.update', workflow: 'Sleepy', input: { is_active: true } },
  'Hourly by hand': trigger('Hourly', 'manual', { cron: null, timezone: null }),
  'Sum at noon': trigger('Sum', 'schedule', { cron: '0 12 * * *', timezone: 'UTC' }),
  'Lamp by another phrase': trigger('Lamp', 'voice_command', { phrase: 'good night house' }),
  'Lamp off': workflow('Lamp', { is_active: false }),
  'Follow off': workflow('Follow', { is_active: false }),
  'Hook off': { ask: 'workflows.update', workflow: 'Hook', input: { is_active: false } },
  'Follow another agent': trigger('Follow', 'agent_completion', {}, { source_agent: 22 }),
  'rename Sum': workflow('Sum', { name: 'Adder' }),
  'describe Hourly': workflow('Hourly', { description: 'Every hour.' }),
  'other steps for Long': workflow('Long', { definition: { steps: [SET] } }),
  'Ledger adds': workflow('Ledger', {
    definition: { steps: [{ id: 'do', agent_number: 21, action: 'add', parameters: { items: ['tea'] } }] },
  }),
  'delete Hourly': { ask: 'workflows.delete', workflow: 'Hourly' },
  'delete Long': { ask: 'workflows.delete', workflow: 'Long' },
  'delete Slow': { ask: 'workflows.delete', workflow: 'Slow' },
  'delete Lamp': { ask: 'workflows.delete', workflow: 'Lamp' },
  'make a schedule': made('Quarter', 'schedule', { cron: '45 * * * *', timezone: 'UTC' }),
  'make a phrase that was another one’s': made('Reader', 'voice_command', { phrase: 'list my notes' }),
  'make one by hand': made('Plain', 'manual', {}),
  'later alerts': {
    modify: 'setting',
    of: 'config',
    after_state: { alerts: { cpu_percent: { warning: 60, critical: 70 } } },
  },
}

export function inputOf({ agents, workflows }: World, wanted: Wanted): Record<string, unknown> {
  if ('modify' in wanted) {
    const { modify: kind, of, after_state } = wanted
    const id = kind === 'agent' ? agents.get(of) : kind === 'workflow' ? workflows.get(of) : of
    const type = { agent: 'agent_config', workflow: 'workflow_change', setting: 'system_setting' }[kind]
    return { type, description: 'A change.', target: { kind, id: id ?? `no ${of}` }, after_state }
  }
  if ('agent' in wanted) return { ...wanted.input, id: agents.get(wanted.agent) ?? `no ${wanted.agent}` }
  if ('workflow' in wanted)
    return { ...wanted.input, id: workflows.get(wanted.workflow) ?? `no ${wanted.workflow}` }
  return wanted.input
}
