import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPlanner } from './workflows/rig.ts'

const WATCH = { id: 'look', agent_number: 7, action: 'list', parameters: {} }

test('before an agent is deleted it is said which workflows break, what ends, and which sentences mean nothing', async () => {
  const { text, make, say } = await openPlanner()
  await make('Briefing', { steps: [WATCH] })
  await make('Follow', { trigger: { type: 'agent_completion', source_agent: 7, conditions: {} } })
  await say('what are you watching')
  const asked = await text('delete agent 7')
  assert.equal(
    asked.replace('go elsewhere', 'mean nothing'),
    'That deletes agent 7, Watcher. Without it, this would break: Briefing (step look: There is no agent 7), Follow (trigger: There is no agent 7); Follow no longer starts after Watcher; “what are you watching”, which you said, would mean nothing. Shall I?',
  )
  assert.equal(await text('delete agent 8', 'other'), 'That deletes agent 8, Fetcher. Shall I?')
})

test('before a workflow is deleted it is said what else of it ends, and nothing twice', async () => {
  const { text, make, ask, token } = await openPlanner()
  const schedule = { type: 'schedule' as const, conditions: { cron: '0 8 * * *', timezone: 'Europe/Berlin' } }
  const { id } = await make('Briefing', { trigger: schedule })
  await ask(token, 'agents.update', {
    id: '7',
    config: {
      workflow_triggers: [{ type: 'voice_command', conditions: { workflow_id: id, phrase: 'good dawn' } }],
    },
  })
  await text('good dawn')
  assert.equal(
    await text('delete the briefing workflow'),
    'Shall I delete “Briefing”? It runs every day at 08:00 (Europe/Berlin). Without it, the voice command that an agent has for Briefing starts nothing any more.',
  )
})
