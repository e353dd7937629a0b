import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['src/**/*.spec.ts?(x)'], testTimeout: 10_000 }
});
