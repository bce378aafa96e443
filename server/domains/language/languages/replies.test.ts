import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestApp } from '../../../../test/app.ts'
import { consentInTongues } from '../consent/tongues.ts'

const opened = await openTestApp()
const { token } = await opened.claim()
after(() => opened.remove())

interface Answer {
  response: { text: string; requires_followup: boolean }
  intent: { action: string; entities?: Record<string, unknown> }
}

let conversations = 0
/** Says sentences one after the other; the answer to the last. */
async function said(...texts: string[]): Promise<string> {
  conversations += 1
  const context = { conversation_id: `c${conversations}` }
  let text = ''
  for (const text_fallback of texts) {
    const answer = (await opened.ask(token, 'voice.process', { text_fallback, context })) as unknown as Answer
    text = answer.response.text
  }
  return text
}

test('yes and no are understood in both languages, and nothing longer is either', () => {
  for (const text of [
    'ja',
    'Ja, bitte!',
    'klar',
    'gerne',
    'mach das',
    'in Ordnung',
    'sí',
    'Si, por favor',
    '¡Claro!',
    'vale',
    'adelante',
    'de acuerdo',
  ])
    assert.equal(consentInTongues(text), 'yes', text)
  for (const text of [
    'nein',
    'Nein, danke.',
    'nee',
    'lieber nicht',
    'lass es',
    'lass das sein',
    'vergiss es',
    'no',
    'mejor no',
    'déjalo',
    'dejalo',
    'olvídalo',
    'da igual',
  ])
    assert.equal(consentInTongues(text), 'no', text)
  for (const text of [
    '',
    'ja und nein',
    'jaguar',
    'sicherung machen',
    'no sé qué decir',
    'nein sagt man nicht',
    'vergiss alles',
    'sígueme',
  ])
    assert.equal(consentInTongues(text), undefined, text)
})

test('a question is asked and answered in the language, whatever language is set', async () => {
  assert.equal(await said('erinnere mich an die Müllabfuhr'), 'Wann soll ich dich erinnern?')
  assert.match(
    await said('erinnere mich an die Müllabfuhr', 'übermorgen um halb acht'),
    /Müllabfuhr on \w+ at 07:30/,
  )
  assert.equal(await said('pon un temporizador'), '¿Durante cuánto tiempo?')
  assert.match(await said('pon un temporizador', 'diez minutos'), /^Timer set for 10 minutes/)
  assert.match(await said('leg eine neue Packliste an', 'Zahnbürste und Seife'), /Zahnbürste and Seife/)
  assert.match(await said('recuérdame llamar a Ana', 'mañana a las siete y media'), /tomorrow at 07:30/)
})

test('a no leaves it, a yes does it, and both are told apart from a sentence of its own', async () => {
  await said('setz Tinte und Papier auf die Büroliste')
  assert.match(await said('lösche die Büroliste'), /Shall I\?$/)
  assert.match(await said('lösche die Büroliste', 'lass es'), /leave it/)
  assert.match(await said('was steht auf der Büroliste'), /Tinte and Papier/)
  assert.doesNotMatch(await said('lösche die Büroliste', 'ja'), /leave it/)
  assert.match(await said('was steht auf der Büroliste'), /empty|nothing|no/i)
  assert.match(await said('sí'), /asked you nothing/)
})

test('what is only like a phrase is asked about first, and what is like none is not understood', async () => {
  assert.match(await said('Prüf irgendwann mal das Backup'), /Shall I/)
  assert.match(await said('Wie hoch ist der Mount Everest'), /^I did not understand that/)
  assert.match(await said('¿Dónde está París?'), /^I did not understand that/)
})

test('what was done in German can be taken back in Spanish', async () => {
  await said('setz Milch und Eier auf die Einkaufsliste')
  assert.match(await said('qué hay en la lista de la compra'), /Milch and Eier/)
  assert.match(await said('deshaz eso'), /^Undone/)
  assert.doesNotMatch(await said('what is on my shopping list'), /Milch/)
})
