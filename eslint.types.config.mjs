import tseslint from 'typescript-eslint';

/** Only the rules that need types: slower, so they run once over the workspace. */
export default tseslint.config(
  { ignores: ['**/dist/**', '**/.jifen/**', '**/.nx/**', '**/.cache/**', '**/tmp/**', '**/*.mjs', '**/*.js'] },
  {
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: './tsconfig.spec.json', tsconfigRootDir: import.meta.dirname },
    },
    // The other configuration's rules are not known here, so their exceptions cannot be judged.
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
);
