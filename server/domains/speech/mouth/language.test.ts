import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageOf } from './language.ts'

test('the language of a sentence is told, and of a few letters it is not', async () => {
  const texts: readonly [string, string][] = [
    ['Was steht heute Nachmittag in meinem Kalender?', 'de'],
    ['¿Qué tengo mañana por la tarde en mi calendario?', 'es'],
    ['Quels sont mes rendez-vous de demain après-midi ?', 'fr'],
    ['What do I have on my calendar for tomorrow afternoon?', 'en'],
    ['Что у меня завтра в календаре после обеда?', 'ru'],
  ]
  for (const [text, language] of texts) assert.equal(await languageOf(text, 'xx'), language)
  for (const text of ['', 'ok', 'hotel bar', '12345678901234567890', '!'.repeat(50), 'ja ja'])
    assert.equal(await languageOf(text, 'en'), 'en', text)
})

test('an endless text is read no further than needed', async () => {
  const started = process.threadCpuUsage()
  assert.equal(await languageOf('Guten Morgen, wie geht es dir heute? '.repeat(50_000), 'en'), 'de')
  assert.ok(process.threadCpuUsage(started).user < 1_500_000)
})
