import type { AgentCommand } from '../../contract/agents.ts'
import type { Person } from './rig.ts'
import type { Fields } from './ways.ts'

/** Whom the examples are about: who asks, and somebody else with things of their own. */
export interface Cast {
  ann: Person
  bob: Person
}

/** An input that fits the contract. `code` is what it is refused with once the operation is built. */
export interface Example {
  input: Fields
  code?: string
}

const NOBODY = '018f0000-0000-7000-8000-00000000dead'
let asked = 0

function command({ user_id }: Person, action: string, parameters: AgentCommand['parameters']): AgentCommand {
  asked += 1
  return { action, parameters, user_id, request_id: `example-${asked}`, priority: 'normal' }
}

function execute({ ann, bob }: Cast): Example[] {
  const sum = (who: Person = ann) => command(who, 'calculate', { expression: '17 percent of 2,340' })
  const waited = { wait_for_completion: true, timeout_ms: 10_000 }
  const foreign = bob.agents.get(5) ?? ''
  return [
    { input: { id: '5', command: sum(), ...waited } },
    { input: { id: ann.agents.get(5) ?? '', command: sum() } },
    { input: { id: '2', command: command(ann, 'remember', { text: 'Grüße 👋 \u202E' }), ...waited } },
    // A failed action is an answer, and no refusal.
    { input: { id: '5', command: command(ann, 'calculate', { expression: '1 / 0' }), ...waited } },
    { input: { id: '5', command: command(ann, 'calculate', {}), ...waited }, code: 'GENERAL_001' },
    { input: { id: '5', command: command(ann, 'fly', {}) }, code: 'AGENT_002' },
    { input: { id: '5', command: sum(bob) }, code: 'AUTH_001' },
    { input: { id: foreign, command: sum() }, code: 'AGENT_001' },
    { input: { id: NOBODY, command: sum() }, code: 'AGENT_001' },
    { input: { id: '9999', command: sum() }, code: 'AGENT_001' },
  ]
}

const zone = (timezone: string) => ({ user_preferences: { timezone } })

function say({ ann }: Cast): Example[] {
  return [
    { input: { text_fallback: 'what is 17 percent of 2,340' } },
    { input: { text_fallback: 'put milk and eggs on the shopping list', context: zone('Asia/Tokyo') } },
    { input: { text_fallback: 'take that back' } },
    { input: { text_fallback: 'take that back' } },
    { input: { text_fallback: 'remind me to drink water' } },
    { input: { text_fallback: 'in one minute' } },
    { input: { text_fallback: 'florb the wug' } },
    { input: { text_input: 'what can you do', language: 'en', dry_run: true } },
    { input: { text_input: `agent 2, what did I say about ${ann.user_id}` } },
    { input: { text_fallback: 'what can you do', context: zone('Mars/Olympus') }, code: 'GENERAL_001' },
    { input: { text_fallback: ' ' }, code: 'VOICE_002' },
    { input: { audio_data: 'UklGRg==' }, code: 'VOICE_003' },
    { input: {}, code: 'GENERAL_001' },
  ]
}

const rename = (id: string): Fields => ({
  type: 'agent_config',
  description: 'Another name.',
  target: { kind: 'agent', id },
  after_state: { name: 'Sums' },
})

function modify({ ann, bob }: Cast): Example[] {
  // Without a passkey no change is made; what is right with a proof is shown where proofs are.
  const unproven = [rename(ann.agents.get(5) ?? ''), rename(bob.agents.get(5) ?? ''), rename(NOBODY)]
  return [...unproven, { ...rename('5'), dry_run: true }].map((input) => ({ input, code: 'AUTH_002' }))
}

/** Examples of every operation that has both bindings, by its name. The first one fits in every field that it has. */
export const examples: Readonly<Record<string, (cast: Cast) => Example[]>> = {
  'agents.execute': execute,
  'voice.process': say,
  'system.modify': modify,
  'system.stop': () => [{ input: {} }, { input: { execution_id: NOBODY }, code: 'AGENT_001' }],
  'workflows.execute': ({ ann, bob }) => [
    { input: { id: ann.workflow, input_data: { a: [1] } } },
    { input: { id: bob.workflow }, code: 'WORKFLOW_001' },
    { input: { id: NOBODY, input_data: { a: [1] } }, code: 'WORKFLOW_001' },
  ],
  'workflows.stop': ({ ann, bob }) => [
    { input: { id: ann.run } },
    { input: { id: bob.run }, code: 'WORKFLOW_001' },
    { input: { id: NOBODY }, code: 'WORKFLOW_001' },
  ],
}
