import type { Phrases } from '../skill.ts'

const TEXT = '[este|el|mi|esto|siguiente] [siguiente] [texto|artículo|párrafo|correo|mensaje|pasaje|frase]'
const UNIT = '(palabras|letras|caracteres|frases|oraciones)'
const PRIVATE =
  '(datos personales|datos privados|información personal|información privada|números de teléfono|teléfonos|correos|direcciones de correo|nombres)'
const WORDS = '(palabras clave|términos clave|palabras principales|palabras más importantes)'

/** What is said of texts, in Spanish. */
export const spanish: Phrases = {
  summarise: [
    `(haz|dame|escribe) [un|el] (síntesis|resumen|sinopsis) (de|del) ${TEXT} {text}`,
    `(qué es lo más importante|cuáles son las ideas principales|cuál es el mensaje) [de|del] ${TEXT} {text}`,
    'resume {text}',
    `(resume|sintetiza) en {sentences} (frase|frases|oraciones) ${TEXT} {text}`,
    `(resume|sintetiza|acorta|condensa) ${TEXT} {text}`,
    `(resume|sintetiza|acorta|condensa) ${TEXT} en {sentences} (frase|frases|oraciones) {text}`,
    '(haz|dame|escribe|crea) [un] [breve|corto] resumen [breve] [de] [este] [texto|artículo] {text}',
    '[un] [breve] resumen [de] {text}',
    'de qué (va|trata) (esto|este texto|el siguiente texto) {text}',
    '(cuál es|dime) la idea principal [de esto|de este texto] {text}',
    'en resumen {text}',
  ],
  keywords: [
    `[el] ${WORDS} (de|del|en|para) ${TEXT} {text}`,
    `(encuentra|busca|dame|dime|extrae|muestra) [el] ${WORDS} [de|del|en] ${TEXT} {text}`,
    `(encuentra|busca|dame|dime|extrae|muestra) [el] {limit} ${WORDS} [de|del|en] ${TEXT} {text}`,
    `(cuáles|qué) son [el] ${WORDS} (de|del|en) ${TEXT} {text}`,
    `${WORDS} {text}`,
    `(qué|de qué) temas (trata|aparecen en|hay en) ${TEXT} {text}`,
  ],
  diff: [
    'compara (el|estos) [dos] (textos|frases|versiones|párrafos) {before} (y|con) {after}',
    '(cuál es|qué) [la] diferencia [hay] entre (el|estos|estas) [dos] (textos|frases|versiones) {before} y {after}',
    '(muestra|encuentra|dime) [el] (diferencias|cambios) entre {before} y {after}',
    'compara la primera versión {before} con la segunda [versión] {after}',
    'qué cambió antes {before} después {after}',
  ],
  replace: [
    '(reemplaza|cambia) [todos|cada] [el] {find} (por|con) {with} en (este texto|el texto|el siguiente texto|esta frase|esto|la frase) {text}',
    '(reemplaza|cambia) en (este texto|el texto|el siguiente texto|esta frase|esto) {find} (por|con) {with} {text}',
    'en (este texto|el texto|el siguiente texto|esta frase|esto) (reemplaza|cambia) {find} (por|con) {with} {text}',
    'reemplaza [todos|cada] {find} (por|con) {with} {text}',
    '(busca|encuentra) {find} y (reemplaza|cámbialo|pon|reemplázalo) [lo] [por] {with} [en] {text}',
    'donde (pone|dice|ponga|diga) {find} (pon|escribe|que ponga) {with} {text}',
  ],
  fill_template: [
    '(rellena|completa|llena) [el|este|mi] plantilla {template} con {values}',
    '(rellena|completa|llena) [el|este|mi] plantilla con {values} {template}',
    '(pon|mete|inserta) [el] [valores] {values} en (el|este) plantilla {template}',
    '[el|mi] plantilla es {template} [y] los valores son {values}',
    'reemplaza los (marcadores|huecos) (de|en) {template} (con|por) {values}',
  ],
  count: [
    `(dime|cuenta) cuántas ${UNIT} (hay|tiene) [en] ${TEXT} {text}`,
    `cuántas ${UNIT} (hay|son) (aquí|ahí) {text}`,
    `(cuántas|cuántos) ${UNIT} (tiene|tienen|hay en|contiene|son|hay) ${TEXT} {text}`,
    `cuenta [el] ${UNIT} (de|del|en) ${TEXT} {text}`,
    `cuenta [el] ${UNIT} {text}`,
    `[el] número de ${UNIT} (de|del|en) ${TEXT} {text}`,
    `cuánto (mide|ocupa) ${TEXT} {text}`,
    `(cuántas|cuántos) ${UNIT} he escrito [aquí] {text}`,
    `(recuento|conteo) de ${UNIT} [de|en] {text}`,
  ],
  detect_language: [
    '(de qué|en qué|qué) (idioma|lengua) (es|está|viene) {text}',
    '(dime|identifica|averigua) (en qué|qué) (idioma|lengua) (es|está) [esto|este texto] {text}',
    '[en] qué (idioma|lengua) (es|está|está escrito|habla) (esto|este texto|el texto|este|esta frase|la frase|escrito esto|escrito este texto|escrita esta frase) {text}',
    '[en] qué (idioma|lengua) está escrito [esto|este texto] {text}',
    '(detecta|reconoce|adivina) [el] (idioma|lengua) [de|del] ' + TEXT + ' {text}',
    'qué (idioma|lengua) es {text}',
    '(idioma|lengua) (de|del) (esto|este texto|texto|siguiente texto) {text}',
  ],
  redact: [
    `(anonimiza|censura|oculta) ${TEXT} {text}`,
    `(quita|borra|elimina|oculta|tapa|censura|tacha) [todos] [el] ${PRIVATE} (de|del|en) ${TEXT} {text}`,
    `(quita|borra|elimina|oculta|tapa|censura|tacha) [todos] [el] ${PRIVATE} {text}`,
    `(comparte|prepara) ${TEXT} sin [el] ${PRIVATE} {text}`,
  ],
}
