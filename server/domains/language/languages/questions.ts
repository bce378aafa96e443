import type { TongueCode } from './tongue.ts'

/** What is asked back most, in each language; a question that is not here is asked in English. */
const QUESTIONS: Readonly<Record<string, Readonly<Record<TongueCode, string>>>> = {
  'What should I remind you of?': {
    de: 'Woran soll ich dich erinnern?',
    es: '¿Qué quieres que te recuerde?',
  },
  'When should I remind you?': { de: 'Wann soll ich dich erinnern?', es: '¿Cuándo te lo recuerdo?' },
  'For how long?': { de: 'Wie lange?', es: '¿Durante cuánto tiempo?' },
  'Which reminder should I cancel?': { de: 'Welche Erinnerung soll weg?', es: '¿Qué recordatorio cancelo?' },
  'On which day?': { de: 'An welchem Tag?', es: '¿Qué día?' },
  'Which event do you mean?': { de: 'Welchen Termin meinst du?', es: '¿Qué cita quieres decir?' },
  'What should I add?': { de: 'Was soll ich hinzufügen?', es: '¿Qué añado?' },
  'What is done?': { de: 'Was ist erledigt?', es: '¿Qué está hecho?' },
  'What should I remove?': { de: 'Was soll weg?', es: '¿Qué quito?' },
  'Which list?': { de: 'Welche Liste?', es: '¿Qué lista?' },
  'What should it be called?': { de: 'Wie soll es heißen?', es: '¿Cómo se va a llamar?' },
  'Which one is important?': { de: 'Was ist wichtig?', es: '¿Qué es importante?' },
  'What should I remember?': { de: 'Was soll ich mir merken?', es: '¿Qué quieres que recuerde?' },
  'What should I look for?': { de: 'Wonach soll ich suchen?', es: '¿Qué busco?' },
  'Which note should I forget?': { de: 'Welche Notiz soll ich vergessen?', es: '¿Qué nota olvido?' },
  'Which tags?': { de: 'Welche Schlagwörter?', es: '¿Qué etiquetas?' },
  'What should I work out?': { de: 'Was soll ich rechnen?', es: '¿Qué calculo?' },
  'Which text should I summarise?': { de: 'Welchen Text soll ich zusammenfassen?', es: '¿Qué texto resumo?' },
  'Which text should I count?': { de: 'Welchen Text soll ich zählen?', es: '¿Qué texto cuento?' },
  'Which text do you mean?': { de: 'Welchen Text meinst du?', es: '¿Qué texto?' },
  'Which address should I fetch?': { de: 'Welche Adresse soll ich abrufen?', es: '¿Qué dirección descargo?' },
  'Which page?': { de: 'Welche Seite?', es: '¿Qué página?' },
  'Which feed? Tell me its address.': {
    de: 'Welchen Feed? Nenne mir die Adresse.',
    es: '¿Qué feed? Dime su dirección.',
  },
  'What should I no longer watch?': {
    de: 'Was soll ich nicht mehr beobachten?',
    es: '¿Qué dejo de vigilar?',
  },
  'Which agent?': { de: 'Welcher Agent?', es: '¿Qué agente?' },
  'Which workflow?': { de: 'Welcher Workflow?', es: '¿Qué flujo?' },
  'What should it do, and when?': { de: 'Was soll er tun, und wann?', es: '¿Qué debe hacer, y cuándo?' },
}

/** A question of an action in another language, as far as it is known there. */
export function questionIn(code: TongueCode, english: string): string {
  return Object.hasOwn(QUESTIONS, english) ? (QUESTIONS[english]?.[code] ?? english) : english
}
