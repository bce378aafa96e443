import { Type } from 'typebox'
import { action, shape } from '../skill.ts'
import { TEXT_CHARACTERS_MAX } from './bounds.ts'
import { fillTemplate, placeholdersOf, valuesIn } from './edits/template.ts'
import { withResult } from './spoken.ts'

const Filling = Type.Union([Type.String({ maxLength: 100_000 }), Type.Number(), Type.Boolean()])

export const fill_template = action({
  summary: 'Puts values into the {{name}} placeholders of a template.',
  parameters: shape({
    template: Type.String({ minLength: 1, maxLength: TEXT_CHARACTERS_MAX }),
    values: Type.Union([
      Type.Record(Type.String(), Filling),
      Type.String({ minLength: 1, maxLength: 100_000 }),
    ]),
  }),
  result: shape({ text: Type.String() }),
  effect: 'read',
  pure: true,
  slots: { template: 'text', values: 'text' },
  questions: {
    template: 'What is the template? Placeholders look like {{name}}.',
    values: 'Which values should I fill in? For example: name = Ana, day = Friday.',
  },
  phrases: [
    '(fill|fill in|fill out|complete) [the|this|my] (template|form|form letter) {template} (with|using) {values}',
    '(fill|fill in|fill out|complete) [the|this|my] template (with|using) {values} {template}',
    '(use|put|insert|take) [the|these] values {values} (in|into) the template {template}',
    '(put|insert|fill in) {values} (in|into) the (template|placeholders|blanks) [of|in] {template}',
    '(replace|swap|fill) the placeholders (in|of) {template} with {values}',
    '[the|my] template is {template} [and] the values are {values}',
  ],
  examples: [
    'fill in this template for me',
    'complete the form letter "Hi {{who}}, your table is at {{hour}}" with who=Pia, hour=8',
    'put Kim in for name in: Welcome back, {{name}}',
    'I have a template, use these values for it',
    'insert the data into the placeholders',
    'make a letter from the template with customer = Ortega and amount = 120',
    'fill the blanks: Order {{id}} ships on {{day}}. id is 5512 and day is Monday',
    'the template is "Dear {{title}} {{surname}}", title Ms, surname Bloom',
    'generate the text, {{city}} should be Graz',
    'set the variables in this mail template',
    'take these values {"team":"Owls","score":3} and fill out the report line',
    'personalise this message for Tariq: Hello {{first}}, thanks for your visit',
    'use the invoice template with number 88 and total 45 euros',
    'substitute the curly braces with the real names',
    'complete the sentence pattern with today as the day',
    'merge these fields into the template',
  ],
  perform: (_can, { template, values }) => {
    const fillings = typeof values === 'string' ? valuesIn(values, placeholdersOf(template)) : values
    const text = fillTemplate(template, fillings)
    return { data: { text }, text: withResult('Here it is', text) }
  },
})
