import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Stop } from './exit.ts'
import { idNamed, short, shortened } from './short.ts'

const [A, B] = ['01890000-0000-7000-8000-00000aaabbbb', '01890000-0000-7000-8000-11110aaabbbb']
const RUN = { one: 'run', list: 'paios list' }

test('an id is its last eight characters, and ids inside a text are made short', () => {
  assert.equal(short(A), '0aaabbbb')
  assert.equal(shortened(`replay:${A}, {"id":"${B}"}`), 'replay:0aaabbbb, {"id":"0aaabbbb"}')
  assert.equal(shortened('01890000-0000-4000-8000-00000aaabbbb'), '01890000-0000-4000-8000-00000aaabbbb')
})

const among = (said: string, ...ids: string[]) => idNamed(said, RUN, () => Promise.resolve(ids))
const nobodyAsks = () => Promise.reject(new Error('Nothing is looked up.'))

test('a whole id in either case is left to the server', async () => {
  for (const id of [A, A.toUpperCase()]) assert.equal(await idNamed(id, RUN, nobodyAsks), id)
  await assert.rejects(among(`${A} `, A), Stop)
})

test('the end of an id means the one that ends so, in either case', async () => {
  const other = '01890000-0000-7000-8000-0000123456ab'
  assert.equal(await among('123456AB', A, other), other)
  assert.equal(await among('56ab', A, other), other)
})

test('an end that none or several have, or that is too short or no id, means nothing', async () => {
  const table: readonly (readonly [string, RegExp])[] = [
    ['0aaabbbb', /^There is more than one run "0aaabbbb"\. They are listed by: paios list$/],
    ['ffffffff', /^There is no run "ffffffff"\./],
    ['bbb', /^There is no run "bbb"\./],
    ['', /^There is no run ""\./],
    ['.*', /^There is no run "\.\*"\./],
  ]
  for (const [said, message] of table)
    await assert.rejects(among(said, A, B), (error) => error instanceof Stop && message.test(error.message))
})
