import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { EXIT } from './exit.ts'
import { archive } from './export/fixture.ts'
import { data, openOffice } from './rig.ts'
import type { Desk } from './fixture.ts'

const definition = {
  trigger: { type: 'schedule', conditions: { cron: '0 6 * * *' } },
  steps: [{ id: 'a', agent_number: 0, action: 'set', parameters: { value: 1 } }],
  error_handling: { strategy: 'fail_fast', notification_on_error: false },
  timeout_ms: 60_000,
  retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
}
const MIND = 'Mind:\n  The workflow Nightly begins by itself, by the clock.\n'
const BROUGHT = 'Brought in 0 agents, 1 workflows, 0 triggers, 0 memories, 0 records.\n'

/** Somebody with an export in which a workflow begins by the clock. */
async function sit(context: TestContext): Promise<{ ann: Desk; file: string; names(): Promise<string[]> }> {
  const office = await openOffice(context)
  const ann = await office.sit()
  const file = join(ann.folder, 'mine.tar')
  writeFileSync(file, await archive({ 'workflows.jsonl': JSON.stringify({ name: 'Nightly', definition }) }))
  return {
    ann,
    file,
    names: async () => {
      const { workflows } = await data<{ workflows: { name: string }[] }>(ann, ['workflows'])
      return workflows.map(({ name }) => name)
    },
  }
}

test('what would act by itself is said and asked about, and nothing comes in without a yes', async (context) => {
  const { ann, file, names } = await sit(context)
  for (const typed of [['no'], []]) {
    const refused = await ann.paios(['import', file], { typed })
    assert.deepEqual([refused.exit, refused.stdout], [EXIT.failed, ''])
    assert.ok(refused.stderr.startsWith(MIND), refused.stderr)
    assert.match(refused.stderr, /paios: Cancelled\. Nothing was brought in\.\n$/)
  }
  const script = await ann.paios(['import', file], { piped: 'yes\n' })
  assert.equal(script.exit, EXIT.usage)
  assert.match(script.stderr, /paios: There is nobody to ask: give --yes\. Nothing was brought in\.\n$/)
  assert.deepEqual(await names(), [])
  const agreed = await ann.paios(['import', file], { typed: ['yes'] })
  assert.deepEqual([agreed.exit, agreed.stdout], [EXIT.done, `${BROUGHT}${MIND}`])
  assert.deepEqual(await names(), ['Nightly'])
})

test('a trial says it without a question, and --yes has none', async (context) => {
  const { ann, file, names } = await sit(context)
  const tried = await ann.paios(['import', file, '--dry-run'], { piped: '' })
  assert.equal(tried.stdout, `${BROUGHT.replace('Brought', 'Would bring')}${MIND}`)
  assert.deepEqual([tried.exit, tried.stderr, await names()], [EXIT.done, '', []])
  const { warnings } = await data<{ warnings: string[] }>(ann, ['import', file, '--yes'])
  assert.deepEqual(warnings, ['The workflow Nightly begins by itself, by the clock.'])
  assert.deepEqual(await names(), ['Nightly'])
})

test('words of an export have no effect on the terminal, and are counted and not repeated', async (context) => {
  const { ann, file } = await sit(context)
  const name = '\u001b[2JNightly'
  const order = (index: number) => ({
    agent_number: 2,
    memory_type: 'instruction',
    content: `${name} ${'x'.repeat(900)} ${index}`,
    tags: [],
    created_at: '2026-01-02T03:04:05.000Z',
    expires_at: null,
    source: { kind: 'user' },
    trust: 'trusted',
    pinned: false,
  })
  // Two calls, and all that they say begins alike.
  const memories = Array.from({ length: 600 }, (_, index) => JSON.stringify(order(index)))
  writeFileSync(file, await archive({ 'memories.jsonl': memories.join('\n') }))
  const { stdout } = await ann.paios(['import', file, '--dry-run'])
  assert.match(
    stdout,
    /\nMind:\n {2}Agent 2 is given a standing instruction: \[2JNightly x+… \(\d{3} times\)\n/,
  )
  assert.equal(stdout.match(/standing instruction/g)?.length, 2)
  assert.ok(!stdout.includes('\u001b'))
})
