import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer, refusal } from '../fixture.ts'
import type { Server } from '../fixture.ts'
import { USER_PHRASES_MAX, checkPhrases, countPhrases } from './register-phrases.ts'
import type { Registration } from './skill.ts'

const BY_ACTION = 50

/** A program with so many phrases of actions and so many voice commands. */
function program(number: number, phrases: number, commands = 0) {
  const actions = Array.from({ length: Math.ceil(phrases / BY_ACTION) }, (_, at) => ({
    name: `do${at}`,
    phrases: Array.from(
      { length: Math.min(BY_ACTION, phrases - at * BY_ACTION) },
      (_one, index) => `program ${number} do ${at} ${index}`,
    ),
  }))
  return {
    agent_number: number,
    name: `Robot ${number}`,
    capabilities: ['echo', ...actions.map(({ name }) => name)],
    voice_commands: Array.from({ length: commands }, (_, at) => ({
      phrase: `program ${number} echo ${at}`,
      action: 'echo',
    })),
    config_schema: {},
    actions,
  }
}

const of = (phrases: number, commands: number): Registration => program(20, phrases, commands)
const register = ({ call, ann }: Server, ...given: Parameters<typeof program>) =>
  call(ann.token, 'messages.register', program(...given))

test('all programs of a user have 2,000 phrases together, of whatever kind, and one more is refused by path', async (context) => {
  const server = await openServer(context)
  const { ask, ann, call } = server
  for (let number = 20; number < 25; number += 1)
    assert.equal((await register(server, number, 200, 199)).ok, true, `${number}`)
  const { status, code, details } = refusal(await register(server, 25, 4, 2))
  assert.deepEqual([status, code], [422, 'AGENT_004'])
  assert.deepEqual(details, {
    reason: 'too_many_phrases',
    phrases: 6,
    phrases_left: 5,
    issues: [{ path: '/actions', message: 'must not have more than 5 phrases with /voice_commands' }],
  })
  assert.equal(refusal(await call(ann.token, 'agents.get', { id: '25' })).status, 404)
  assert.equal((await register(server, 25, 4, 1)).ok, true)
  // One that brings none takes nothing away.
  assert.equal((await register(server, 26, 0)).ok, true)
  const { token } = await server.bob()
  assert.equal((await ask(token, 'messages.register', program(20, 200))).status, 'active')
})

test('a program that registers anew, is switched off or is gone is counted as it is now', async (context) => {
  const server = await openServer(context)
  const { ask, ann } = server
  for (let number = 20; number < 30; number += 1) await register(server, number, 200)
  assert.equal((await register(server, 29, 200)).ok, true)
  assert.equal(refusal(await register(server, 30, 1)).status, 422)
  await ask(ann.token, 'agents.update', { id: '20', is_active: false })
  assert.equal(refusal(await register(server, 30, 1)).status, 422)
  assert.equal((await register(server, 29, 199)).ok, true)
  assert.equal((await register(server, 30, 1)).ok, true)
  await ask(ann.token, 'agents.delete', { id: '20' })
  assert.equal((await register(server, 31, 0, 200)).ok, true)
  await server.restart()
  assert.equal(refusal(await register(server, 32, 1)).details['phrases_left'], 0)
})

test('phrases are those of actions and voice commands, and the bound is exact', () => {
  assert.deepEqual([countPhrases(of(0, 0)), countPhrases(of(51, 3))], [0, 54])
  const others = Array.from({ length: 10 }, () => of(100, 99))
  assert.equal(checkPhrases(of(10, 0), others), undefined)
  assert.throws(() => checkPhrases(of(0, 11), others), { name: 'AGENT_CONFIG_INVALID' })
  assert.equal(checkPhrases(of(0, 0), [...others, ...others]), undefined)
  assert.equal(USER_PHRASES_MAX, 2_000)
})
