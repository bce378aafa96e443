import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildCatalogue } from '../../domains/language/catalogue.ts'
import type { KnownAgent } from '../../domains/language/catalogue.ts'
import { understand } from '../../domains/language/understand.ts'
import { concierge } from '../concierge/index.ts'
import { data } from '../data/index.ts'
import { notes } from '../notes/index.ts'
import { reminders } from '../reminders/index.ts'
import type { Action } from '../skill.ts'
import { system } from '../system/index.ts'
import { tasks } from '../tasks/index.ts'
import { text as text_skill } from '../text/index.ts'
import { guardian } from './index.ts'

const SKILLS = [concierge, notes, reminders, tasks, data, text_skill, guardian]
const AGENTS: readonly KnownAgent[] = SKILLS.map((skill) => ({
  agent_number: skill.agent.number,
  name: skill.agent.name,
  skill,
  voice_commands: [],
}))

const classify = () => Promise.resolve({ ranked: [], in_scope: 0 })

/** Agent, action and parameters of a sentence by the phrases alone, on a Wednesday at ten in Berlin. */
async function heard(text: string) {
  const { meaning, parameters } = await understand(
    {
      text,
      now: Date.parse('2026-03-25T10:00:00+01:00'),
      time_zone: 'Europe/Berlin',
      wake_words: ['paios'],
      active_agent: undefined,
      only_agent: undefined,
    },
    { catalogue: buildCatalogue(system, AGENTS, []), accepts: {}, classify },
  )
  return [meaning?.agent_number, meaning?.name, parameters]
}

test('what people ask of their safety is understood by its words, with the times that they say', async () => {
  const cases: readonly [string, string, object][] = [
    ['Who used my account today?', 'audit_query', { since: '2026-03-25' }],
    ['who has used my account', 'audit_query', {}],
    ['who accessed my account since yesterday', 'audit_query', { since: '2026-03-24' }],
    ['Which calls failed since yesterday?', 'audit_query', { since: '2026-03-24' }],
    ['which of my calls went wrong since last Monday', 'audit_query', { since: '2026-03-23' }],
    [
      'which calls failed between nine and ten',
      'audit_query',
      { since: '2026-03-25T21:00:00+01:00', until: '2026-03-25T22:00:00+01:00' },
    ],
    ['which calls have failed', 'audit_query', {}],
    ['show me the audit log', 'audit_query', {}],
    ['show the last 20 calls', 'audit_query', { limit: 20 }],
    ['show all calls to agents.execute', 'audit_query', { operation: 'agents.execute' }],
    ['show calls that ended with AUTH_002', 'audit_query', { outcome: 'AUTH_002' }],
    ['Check the integrity', 'integrity', {}],
    ['verify the audit', 'integrity', {}],
    ['is my data intact?', 'integrity', {}],
    ['check the database for errors', 'integrity', {}],
    ['when was the last backup?', 'list_backups', { limit: 1 }],
    ['list the backups', 'list_backups', {}],
    ['restore the backup', 'restore_backup', {}],
    ['how do I restore a backup', 'restore_backup', {}],
    ['check the last backup', 'verify_backup', {}],
    ['can the last backup be restored', 'verify_backup', {}],
    ['Is everything safe?', 'security_report', {}],
    ['security report', 'security_report', {}],
    ['how safe am I', 'security_report', {}],
    ['am i secure', 'security_report', {}],
  ]
  for (const [said, action, parameters] of cases) {
    assert.deepEqual(await heard(said), [9, action, parameters], said)
  }
})

test('what is asked of the system or another agent does not come here', async () => {
  const cases: readonly [string, number, string][] = [
    ['is everything ok', 0, 'health'],
    ['what changed today', 0, 'what_changed'],
    ['what failed since yesterday', 0, 'what_failed'],
    ['what went wrong today', 0, 'what_failed'],
    ['show my notes', 2, 'list'],
    ['what is next on my calendar', 3, 'next_event'],
    ['show my list', 4, 'list'],
  ]
  for (const [said, agent, action] of cases) {
    assert.deepEqual((await heard(said)).slice(0, 2), [agent, action], said)
  }
})

test('no phrase or example of the guardian is one of another action, and there are enough of each', () => {
  const all: [string, Action][] = [...SKILLS, system].flatMap((skill) =>
    Object.entries(skill.actions).map(([name, action]): [string, Action] => [
      `${skill.name}.${name}`,
      action,
    ]),
  )
  const owners = new Map<string, string[]>()
  for (const [name, { phrases, examples }] of all) {
    for (const said of new Set([...phrases, ...examples.map((example) => example.toLowerCase())]))
      owners.set(said, [...(owners.get(said) ?? []), name])
  }
  const shared = [...owners].filter(
    ([, names]) => names.length > 1 && names.some((name) => name.startsWith('guardian')),
  )
  assert.deepEqual(shared, [])
  for (const [name, { phrases, examples }] of Object.entries(guardian.actions)) {
    assert.ok(phrases.length >= 8 && phrases.length <= 20, name)
    assert.ok(
      new Set(examples).size === examples.length && examples.length >= 15 && examples.length <= 30,
      name,
    )
  }
})
