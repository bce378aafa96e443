import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SKILLS } from '../../../install.ts'
import { calculateExpression } from '../../../skills/data/arithmetic/calculate.ts'
import { isAmount, isUnit } from '../../../skills/data/slots.ts'
import { system } from '../../../skills/system/index.ts'
import { german } from './de/tongue.ts'
import { spanish } from './es/tongue.ts'
import { questionIn } from './questions.ts'
import { possibleTongues, spokenTongue } from './spoken.ts'
import type { Tongue } from './tongue.ts'

function valueOf(tongue: Tongue, text: string): number | undefined {
  const said = tongue.say('expression', text)
  return said === undefined ? undefined : calculateExpression(said).value
}

test('arithmetic is read in words, with a comma before the decimals', () => {
  const sums: readonly (readonly [Tongue, string, number | undefined])[] = [
    [german, '17 Prozent von 2340', 397.8],
    [german, '17,5 % von 2.000', 350],
    [german, 'drei mal vier plus zwei', 14],
    [german, '144 geteilt durch zwölf', 12],
    [german, 'die Wurzel aus 81', 9],
    [german, '2 hoch 10', 1024],
    [german, 'die Hälfte von 90', 45],
    [german, 'Prozent sind 20 von 80', 25],
    [german, 'der Durchschnitt von 3, 4 und 8', 5],
    [german, '12 und 13', 25],
    [german, '100 minus 15 Prozent', 85],
    [german, 'Milch und Eier', undefined],
    [spanish, 'el 17 por ciento de 2340', 397.8],
    [spanish, 'tres por cuatro más dos', 14],
    [spanish, '144 entre doce', 12],
    [spanish, 'la raíz cuadrada de 81', 9],
    [spanish, '2 elevado a 10', 1024],
    [spanish, 'la mitad de 90', 45],
    [spanish, 'porcentaje es 20 de 80', 25],
    [spanish, 'la media de 3, 4 y 8', 5],
    [spanish, '100 menos 15 por ciento', 85],
    [spanish, 'leche y huevos', undefined],
  ]
  for (const [tongue, text, value] of sums) assert.equal(valueOf(tongue, text), value, text)
})

test('units, cities and amounts are those that can be converted', () => {
  for (const text of [
    'Kilometer',
    'Meilen',
    'Grad Celsius',
    'Unzen',
    'Esslöffel',
    'Quadratmeter',
    'Tokio',
    'New York',
  ])
    assert.ok(isUnit(german.say('unit', text) ?? ''), text)
  for (const text of [
    'kilómetros',
    'millas',
    'grados Celsius',
    'onzas',
    'cucharadas',
    'metros cuadrados',
    'Tokio',
    'Nueva York',
  ])
    assert.ok(isUnit(spanish.say('unit', text) ?? ''), text)
  for (const [tongue, text] of [
    [german, 'zweieinhalbtausend'],
    [german, 'Milch'],
    [spanish, 'leche'],
  ] as const)
    assert.equal(isAmount(tongue.say('amount', text) ?? ''), false, text)
  assert.equal(german.say('amount', 'fünfundzwanzig'), '25')
  assert.equal(spanish.say('amount', 'una'), '1')
})

test('things of a list are parted by the words of the language, and keep their own', () => {
  assert.equal(german.say('items', 'Milch, Eier und 2,5 l Saft'), 'Milch; Eier; "2,5 l Saft"')
  assert.equal(german.say('items', 'die Milch sowie noch Brot'), 'Milch; Brot')
  assert.equal(german.say('items', 'Mac and Cheese und Brot'), '"Mac and Cheese"; Brot')
  assert.equal(spanish.say('items', 'leche, huevos y pan e hilo'), 'leche; huevos; pan; hilo')
  for (const text of ['', ' ', 'was ist los', 'alles', 'nicht'])
    assert.equal(german.say('items', text), undefined, text)
  for (const text of ['', 'qué pasa', 'todo', 'no']) assert.equal(spanish.say('items', text), undefined, text)
})

test('the lists that everybody has go by one name in every language, others by their own', () => {
  for (const text of ['Einkaufsliste', 'meine Einkaufsliste', 'den Einkaufszettel', 'EINKAUFSLISTE'])
    assert.equal(german.say('list', text), 'shopping', text)
  for (const text of ['To-do-Liste', 'Todo-Liste', 'die Aufgabenliste'])
    assert.equal(german.say('list', text), 'to do', text)
  assert.equal(german.say('list', 'Packliste'), 'Packliste')
  assert.equal(german.say('list', 'Liste für die Party'), 'Party')
  for (const text of ['Milch', 'Liste', 'Zettel', '']) assert.equal(german.say('list', text), undefined, text)
  for (const text of ['lista de la compra', 'mi lista del súper'])
    assert.equal(spanish.say('list', text), 'shopping', text)
  assert.equal(spanish.say('list', 'lista de tareas'), 'to do')
  assert.equal(spanish.say('list', 'lista de regalos'), 'regalos')
  for (const text of ['leche', 'lista', 'lista de la compra a Semanal'])
    assert.equal(spanish.say('list', text), undefined, text)
})

test('a value of any length is looked at no longer than a sentence', () => {
  const long = 'und '.repeat(20_000)
  for (const type of ['time', 'duration', 'expression', 'agent', 'unit'])
    for (const tongue of [german, spanish]) {
      const said = tongue.say(type, long)
      assert.ok(said === undefined || said === long, type)
    }
})

test('a language shows by its small words; English never does, and a name or two show nothing', () => {
  assert.equal(spokenTongue('wo habe ich das Auto geparkt', undefined), german)
  assert.equal(spokenTongue('dónde he dejado las llaves', undefined), spanish)
  assert.equal(spokenTongue('what was in the die casting of my car', undefined), undefined)
  assert.equal(spokenTongue('Status', undefined), undefined)
  assert.equal(spokenTongue('Status', german), german)
  assert.equal(spokenTongue('what is the status', german), undefined)
  assert.equal(spokenTongue('', undefined), undefined)
})

test('a sentence that clearly begins in English is looked for in no other language, one that may be another is', () => {
  assert.deepEqual(possibleTongues('can you tell me the name of the river'), [])
  assert.deepEqual(
    possibleTongues('wie viele Wörter hat dieser Text: This is what you can see in the hall'),
    [german, spanish],
  )
  for (const text of ['', 'Status', 'Sende {"a":1} an https://example.org/api', 'pon leche'])
    assert.deepEqual(possibleTongues(text), [german, spanish], text)
})

test('questions in another language are questions of an action, and unknown ones stay English', () => {
  const asked = [system, ...SKILLS].flatMap(({ actions }) =>
    Object.values(actions).flatMap(({ questions = {} }) => Object.values(questions)),
  )
  const known = [...new Set(asked)].filter((one) => questionIn('de', one) !== one)
  assert.ok(known.length >= 25, String(known.length))
  assert.equal(questionIn('es', 'For how long?'), '¿Durante cuánto tiempo?')
  assert.equal(questionIn('es', 'constructor'), 'constructor')
})
