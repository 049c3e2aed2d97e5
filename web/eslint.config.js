// The rules of the browser client. The layers are checked here: protocol and state touch neither DOM nor clock,
// state knows no network, and only src/ui/rtc touches WebRTC and devices.
import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const impure = ['Date', 'performance', 'setTimeout', 'setInterval', 'requestAnimationFrame'];
const dom = ['window', 'document', 'navigator', 'localStorage', 'sessionStorage', 'location', 'history'];
const media = ['RTCPeerConnection', 'MediaStream', 'AudioContext', 'WebSocket'];
const banned = (names, message) => names.map((name) => ({ name, message }));
const noMathRandom = {
  object: 'Math',
  property: 'random',
  message: 'random numbers are passed in',
};

export default ts.config(
  { ignores: ['node_modules/', 'src/protocol/messages.ts', 'src/protocol/documents.ts'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      complexity: ['error', 12],
      'max-lines': ['error', { max: 600, skipBlankLines: false, skipComments: false }],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    files: ['src/protocol/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...banned([...dom, ...media, ...impure], 'passed in: protocol has no DOM'),
      ],
      'no-restricted-properties': ['error', noMathRandom],
      'no-restricted-imports': ['error', { patterns: ['../state/*', '../ui/*', 'svelte*'] }],
    },
  },
  {
    files: ['src/state/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...banned([...dom, ...media, ...impure, 'fetch'], 'state is pure: what it needs is passed in'),
      ],
      'no-restricted-properties': ['error', noMathRandom],
      'no-restricted-imports': [
        'error',
        { patterns: ['../ui/*', 'svelte*', '../protocol/http', '../protocol/channel'] },
      ],
    },
  },
  {
    files: ['src/ui/**/*.{ts,svelte}'],
    ignores: ['src/ui/rtc/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...banned(media, 'only src/ui/rtc touches WebRTC, only src/lesson.ts the network'),
      ],
    },
  },
  { files: ['**/*.js'], ...ts.configs.disableTypeChecked },
);
