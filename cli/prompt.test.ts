import assert from 'node:assert/strict'
import { PassThrough, Writable } from 'node:stream'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { prompt } from './prompt.ts'

function terminal() {
  const shown: string[] = []
  const stderr = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      shown.push(chunk.toString())
      done()
    },
  })
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
  return { io: { stdin, stderr }, shown: () => stripVTControlCharacters(shown.join('')) }
}

const QUESTIONS = [{ text: 'E-mail: ' }, { text: 'Password: ', hidden: true }]

test('a hidden reply is not shown, not even when it was typed ahead', async () => {
  const { io, shown } = terminal()
  const asking = prompt(io, QUESTIONS)
  io.stdin.write('ann\rse\u007Fäcret\r')
  assert.deepEqual(await asking, ['ann', 'säcret'])
  assert.match(shown(), /ann/)
  assert.doesNotMatch(shown(), /[sä]?c?ret\b|ä/)
  assert.match(shown(), /Password: \n$/)
})

test('ending the input or interrupting ends the dialogue without replies', async () => {
  for (const keys of ['ann\r\u0004', 'ann\rsecret\u0003', '\u0003']) {
    const { io } = terminal()
    const asking = prompt(io, QUESTIONS)
    io.stdin.write(keys)
    assert.equal(await asking, undefined)
  }
})

test('the next dialogue reads on where the one before ended', async () => {
  const { io } = terminal()
  const first = prompt(io, [{ text: '> ' }])
  io.stdin.write('one\r')
  assert.deepEqual(await first, ['one'])
  const second = prompt(io, [{ text: '> ' }])
  io.stdin.write('two\r')
  assert.deepEqual(await second, ['two'])
})
