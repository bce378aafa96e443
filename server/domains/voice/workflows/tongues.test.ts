import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPlanner } from './rig.ts'

const ann = await openPlanner()

/** What is done about a sentence, and what of its answer comes before the first full stop. */
async function hear(sentence: string): Promise<readonly [string, string]> {
  const { intent, response } = await ann.say(sentence, sentence)
  return [intent.action, response.text]
}

test('what is to be done again and again is a workflow in German and in Spanish, too', async () => {
  for (const [sentence, when, does] of [
    ['jeden Tag um 8 lies mir meine Erinnerungen vor', 'Every day at 08:00', 'Reminders & Calendar: list'],
    ['zeig mir jeden Montag um halb zehn meine Notizen', 'Every Monday at 09:30', 'Notes & Memory: list'],
    ['füge jeden Freitag um 9 Milch zu meiner Einkaufsliste hinzu', 'Every Friday at 09:00', 'items "Milch"'],
    ['todos los días a las 8 lista mis recordatorios', 'Every day at 08:00', 'Reminders & Calendar: list'],
    ['añade leche a mi lista cada viernes a las 9', 'Every Friday at 09:00', 'items "leche"'],
    ['de lunes a viernes a las 8 dime mi agenda', 'Every weekday at 08:00', 'Reminders & Calendar: agenda'],
  ] as const) {
    const [action, text] = await hear(sentence)
    assert.equal(action, 'create_workflow', sentence)
    assert.ok(text.startsWith(when) && text.includes(does) && text.endsWith('?'), text)
  }
  for (const summary of [
    'jeden Werktag um 8 mach mir eine Übersicht aus Notizen und Erinnerungen',
    'cada día laborable a las 8 haz un resumen de mis notas y recordatorios',
  ])
    assert.match((await hear(summary))[1], /^Every weekday at 08:00 .*Memory: list; .*Calendar: list; /u)
})

test('what is to be asked about first is, in every language, and nothing is done of what is not to be', async () => {
  for (const sentence of [
    'jeden Tag um 8 lösche meine Einkaufsliste, aber frag mich vorher',
    'todos los días a las 8 borra mi lista de la compra pero pregúntame antes',
  ])
    assert.match(
      (await hear(sentence))[1],
      /\(1\) ask you .* \(2\) Tasks & Lists: remove \(list "shopping"\), if you agree/u,
    )
  for (const sentence of [
    'jeden Tag um 8 lösche nicht meine Einkaufsliste',
    'jeden Tag um 8 lies mir meine Notizen vor, außer sonntags',
    'todos los días a las 8 no borres mi lista de la compra',
  ])
    assert.equal((await hear(sentence))[0], 'unknown', sentence)
})

test('what an agent does again and again by itself is none, and what nobody understands is not done', async () => {
  for (const [sentence, wanted] of [
    ['erinnere mich jeden Tag um 8 an die Tabletten', 'remind'],
    ['recuérdame todos los días a las 8 tomar la pastilla', 'remind'],
    ['weck mich jeden Tag um 7', 'remind'],
    ['cada primer lunes del mes a las 9 lista mis recordatorios', 'unknown'],
    ['jeden Morgen um 8 poliere das Silber', 'unknown'],
    ['was steht heute in meinem Kalender', 'agenda'],
  ] as const)
    assert.equal((await hear(sentence))[0], wanted, sentence)
})
