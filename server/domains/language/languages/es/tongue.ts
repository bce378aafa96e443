import { makeTongue } from '../build.ts'
import type { Tongue } from '../tongue.ts'
import { lineOf, readNumber } from './numbers.ts'
import { LENGTH_RULES, TIME_RULES } from './times.ts'
import { ARITHMETIC, GATHERING, NAMES, listNamed } from './values.ts'
import { MANNERS, keyOf } from './words.ts'

export const spanish: Tongue = makeTongue({
  code: 'es',
  keyOf,
  manners: MANNERS,
  lineOf,
  readNumber,
  times: TIME_RULES,
  lengths: LENGTH_RULES,
  arithmetic: ARITHMETIC,
  gathering: GATHERING,
  parting:
    /\s*(?:,(?!\d)|;|\n)\s*(?:(?:y|e)\s+)?|\s+(?:y también|y tambien|además de|ademas de|así como|asi como|y|e|&)\s+/iu,
  no_item:
    /^(?:que|qué|como|cómo|cuando|cuándo|donde|dónde|quien|quién|cual|cuál|si|es|son|está|esta|a|de|del|todo|todos|lo|esto|eso|no)(?:\s|$)/iu,
  article: /^(?:(?:el|la|los|las|también|tambien|por favor)\s+)+(?=\S)/iu,
  no_name:
    /(?:^|\s)(?:me|te|un|una|pon|ponme|de|para|que|y|el|la|los|las|inicia|borra|cancela|es|hay|mi)(?:\s|$)/iu,
  names: NAMES,
  listNamed: (text) => listNamed(text, lineOf(text)),
  summary:
    /^(?:haz(?:me)?|prepara(?:me)?|prepárame|dame|crea|escribe)?\s*(?:un\s+)?(?:breve\s+)?(?:resumen|informe|briefing)\s+(?:de|con|sobre)\s+(?<of>.+)$|^resume\s+(?<of>.+)$/iu,
  reserved:
    /(?:\s*[,;]|\s+y)?\s*(?:pero\s+)?(?:preg[uú]nt(?:ame|eme)|cons[uú]lt(?:ame|eme))\s+(?:siempre\s+)?(?:antes|primero)[\s.!]*$/iu,
  negated: /(?:^|\s)(?:no|nunca|jamás|sin|salvo|excepto|menos)(?:\s|[,.]|$)/iu,
  event:
    /^(?:(?:el|la|mi|un|una)\s+)?(?:cita|reuni[oó]n|clase|cumpleaños|cumple|vuelo|entreno|entrenamiento|partido|examen|concierto|fiesta|cena|comida|boda|entrevista|viaje|dentista|m[eé]dico|curso|ensayo|revisi[oó]n|llamada)(?:\s|$)/iu,
  lead: /^(?:(?:oye|hola|ok|vale|pregúntale|preguntale|pregunta|dile|di|pídele|pidele|pide)\s+)?(?:(?:al?|el|mi)\s+)?agente\s+(?:número\s+|numero\s+|n[ºo.]\s*)?/iu,
  leans: [
    [/\b(?:despiert|despertar|levantar)/u, 'wake'],
    [/\b(?:despertador|alarma|desayun|madrug)/u, 'early breakfast'],
    [/\b(?:cena|cenar|fiesta|cine|pelicula|concierto|teatro|copas|bar)\b/u, 'dinner'],
  ],
})
