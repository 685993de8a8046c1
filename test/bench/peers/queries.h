// What both peers read: u32 vertices, triangles, rays, points; then f64 xyz of vertices, u32 x 3, rays of f64 x 6, points of f64 x 3.
#pragma once
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

struct Queries {
  std::vector<double> vertices, rays, points;
  std::vector<uint32_t> indices;
};

template <class T> void fill(FILE* file, std::vector<T>& row, size_t count) {
  row.resize(count);
  if (fread(row.data(), sizeof(T), count, file) != count) { fprintf(stderr, "file too short\n"); exit(1); }
}

inline Queries readQueries(const char* path) {
  FILE* file = fopen(path, "rb");
  if (!file) { fprintf(stderr, "no file\n"); exit(1); }
  std::vector<uint32_t> counts;
  fill(file, counts, 4);
  Queries q;
  fill(file, q.vertices, counts[0] * 3);
  fill(file, q.indices, counts[1] * 3);
  fill(file, q.rays, counts[2] * 6);
  fill(file, q.points, counts[3] * 3);
  fclose(file);
  return q;
}

// Milliseconds of processor time for one run of a task, repeated for at least 50 ms; the best of five rounds.
template <class F> double bestMs(F task) {
  double best = 1e300;
  for (int round = 0; round < 5; round++) {
    const clock_t start = clock();
    double ms = 0;
    int runs = 0;
    do { task(); runs++; ms = 1000.0 * (clock() - start) / CLOCKS_PER_SEC; } while (ms < 50);
    if (ms / runs < best) best = ms / runs;
  }
  return best;
}
