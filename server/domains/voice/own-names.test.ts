import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestApp } from '../../../test/app.ts'
import { missing } from '../speech/ears/library.ts'
import { recording, spoken } from './round-trip/rig.ts'

const skip = missing()?.problem ?? false
const opened = await openTestApp({ recogniser: undefined })
after(() => opened.remove())
const { token, user_id } = await opened.claim()
const type = (text: string) => opened.ask(token, 'voice.process', { text_input: text })
const hear = async (text: string) =>
  opened.ask(token, 'voice.process', { audio_data: recording(await spoken(text, 'rms')), dry_run: true })

test('what can be said holds the names of own lists and workflows, and none that are gone', async () => {
  await type('add a torch to the xylophone list')
  const { names, signature } = await opened.app.language.hints(user_id, 'en')
  assert.deepEqual(names['title'], ['xylophone'])
  assert.deepEqual(names['name'], ['xylophone'])
  assert.deepEqual(
    await opened.app.language.hints(user_id, 'en'),
    await opened.app.language.hints(user_id, 'en'),
  )
  await type('rename the xylophone list to marimba')
  const renamed = await opened.app.language.hints(user_id, 'en')
  assert.deepEqual(renamed.names['title'], ['marimba'])
  assert.notEqual(renamed.signature, signature)
})

test('lists and workflows are heard by names that are no words of commands', { skip }, async () => {
  const before = await hear('what is on the xylophone list')
  assert.notEqual(before.transcribed_text, 'what is on the xylophone list')
  for (const name of ['xylophone', 'brunhilde', 'quibbleford']) {
    await type(`add a torch to the ${name} list`)
    const { transcribed_text, intent } = await hear(`what is on the ${name} list`)
    assert.equal(transcribed_text, `what is on the ${name} list`)
    assert.equal(intent.entities['list'], name)
  }
})
