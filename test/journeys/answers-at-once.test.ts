import assert from 'node:assert/strict'
import { test } from 'node:test'
import { execution } from '../../server/domains/agents/fixture.ts'
import { enterRemote } from './remote.ts'
import { openWhole } from './rig.ts'

/** Fewer events in a second than executions of an agent at once, while the clock stands still. */
const EVENTS_PER_S = 4
const AT_ONCE = 8

test(
  'answers that were asked for are taken however many come at once, and nothing else is',
  { timeout: 20_000 },
  async (t) => {
    const whole = await openWhole({ bounds: { events_per_s: EVENTS_PER_S } })
    t.after(() => whole.remove())
    const { ann, ask } = whole
    const robot = await enterRemote(whole, ann, 20)
    const asked = Array.from({ length: AT_ONCE }, () =>
      ask(ann.token, 'agents.execute', execution(ann, 20, 'echo', {}, { wait_for_completion: true })),
    )
    const requests = await Promise.all(asked.map(() => robot.next()))
    for (const { id } of requests) robot.answer(id, { text: id })
    const ended = await Promise.all(asked)
    assert.deepEqual(new Set(ended.map(({ result }) => result?.text)), new Set(requests.map(({ id }) => id)))
    // An answer is good once: the same again is an event like any other, and so is one that nobody asked for.
    for (let turn = 0; turn < EVENTS_PER_S; turn += 1)
      robot.answer(turn % 2 === 0 ? 'nothing' : (requests[0]?.id ?? ''), {})
    const refused = await robot.socket.ask('agent:unsubscribe', '20')
    assert.deepEqual([refused.success, refused.error?.code], [false, 'GENERAL_002'])
    whole.clock.advance(1_000)
    assert.equal((await robot.socket.ask('agent:unsubscribe', '20')).success, true)
  },
)
