import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const only = (sourceTag, ...onlyDependOnLibsWithTags) => ({ sourceTag, onlyDependOnLibsWithTags });

/** kernel ← domain ← application ← adapters ← main, kernel ← port ← adapter ← main; every scope sees itself and what is shared. */
export const depConstraints = [
  only('type:kernel', 'type:kernel'),
  only('type:contracts', 'type:kernel'),
  // Published by itself: it depends on nothing.
  only('type:client'),
  only('type:domain', 'type:kernel', 'type:contracts'),
  only('type:port', 'type:kernel', 'type:contracts', 'type:port'),
  only('type:adapter', 'type:kernel', 'type:contracts', 'type:port', 'type:adapter', 'type:testing'),
  only('type:host', 'type:kernel', 'type:contracts', 'type:port', 'type:adapter', 'type:testing'),
  only('type:testing', 'type:kernel'),
  only(
    'type:app',
    'type:kernel',
    'type:contracts',
    'type:domain',
    'type:port',
    'type:adapter',
    'type:host',
    'type:testing',
  ),
  only(
    'type:composition',
    'type:client',
    'type:kernel',
    'type:contracts',
    'type:domain',
    'type:port',
    'type:adapter',
    'type:host',
    'type:testing',
    'type:app',
    'type:composition',
  ),
  only('type:checks', 'type:kernel'),
  only('scope:shared', 'scope:shared'),
  ...['ingestion', 'rules', 'ledger', 'tiering', 'notifications'].map((scope) =>
    only(`scope:${scope}`, `scope:${scope}`, 'scope:shared'),
  ),
  only('scope:standalone', '*'),
  only('scope:tooling', 'scope:tooling', 'scope:shared'),
];

const pure = ['libs/kernel', 'libs/activity', 'libs/rules', 'libs/ledger', 'libs/tiering', 'libs/notifications'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/.jifen/**', '**/.nx/**', '**/.cache/**', '**/tmp/**'] },
  ...tseslint.configs.strict,
  { plugins: { '@nx': nx }, linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    // Types of decorated parameters are values at run time (Nest validates by them): consistent-type-imports must know.
    languageOptions: { parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: true, banTransitiveDependencies: false, allow: [], depConstraints },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^@jifen/[^/]+/', message: 'import a library through its index' }] },
      ],
      'max-lines': ['error', { max: 400, skipComments: false }],
    },
  },
  // Generated from schemas: as long as the contract is.
  { files: ['libs/contracts/src/*/type.ts', 'libs/api-client/src/api.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    ignores: [
      '**/*.spec.ts',
      'apps/*/src/testing/**',
      'libs/testing/**',
      'apps/standalone/**',
      'apps/bench/**',
      'apps/simulator/**',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@jifen/testing',
              message: 'only specs and their helpers, the standalone shape and benchmarks start test parts',
            },
          ],
          patterns: [{ regex: '^@jifen/[^/]+/', message: 'import a library through its index' }],
        },
      ],
    },
  },
  {
    files: pure.map((root) => `${root}/src/**/*.ts`),
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'console',
        'setTimeout',
        'setInterval',
        'fetch',
        'crypto',
        'performance',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'time arrives inside the command' },
        { object: 'Math', property: 'random', message: 'chance arrives inside the command' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'time arrives inside the command',
        },
      ],
    },
  },
  prettier,
);
