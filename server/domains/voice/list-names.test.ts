import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

const { hear } = await openSpeaker()

test('a list may be called with a word of command, and is added to, read, cleared and deleted by it', async () => {
  for (const name of ['kill', 'stop', 'cancel', 'read later', 'things we need']) {
    assert.deepEqual(await hear(`add kale and tea to the ${name} list`), [
      'add',
      `Added kale and tea to your ${name} list.`,
    ])
    assert.equal((await hear(`show me the ${name} list`))[1], `On your ${name} list are kale and tea.`)
    assert.equal((await hear(`remove kale from my ${name} list`))[1], `Removed kale from your ${name} list.`)
    assert.equal((await hear(`clear the ${name} list`))[1], `Removed tea from your ${name} list.`)
    assert.match((await hear(`what is on the ${name} list`))[1], new RegExp(`^Your ${name} list is empty`))
  }
})
