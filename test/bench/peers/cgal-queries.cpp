// CGAL's AABB tree: nearest hits and closest points, one thread. Prints {"raysMs", "closestMs", "sum"}: sum of the distances to closest points.
#include <CGAL/AABB_traits.h>
#include <CGAL/AABB_tree.h>
#include <CGAL/AABB_triangle_primitive.h>
#include <CGAL/Simple_cartesian.h>
#include "queries.h"
#include <cmath>

typedef CGAL::Simple_cartesian<double> K;
typedef std::vector<K::Triangle_3>::iterator Iterator;
typedef CGAL::AABB_tree<CGAL::AABB_traits<K, CGAL::AABB_triangle_primitive<K, Iterator>>> Tree;

int main(int, char** argv) {
  const Queries q = readQueries(argv[1]);
  auto corner = [&](uint32_t i) { return K::Point_3(q.vertices[i * 3], q.vertices[i * 3 + 1], q.vertices[i * 3 + 2]); };
  std::vector<K::Triangle_3> triangles;
  for (size_t t = 0; t < q.indices.size(); t += 3) {
    K::Triangle_3 triangle(corner(q.indices[t]), corner(q.indices[t + 1]), corner(q.indices[t + 2]));
    if (!triangle.is_degenerate()) triangles.push_back(triangle);
  }
  Tree tree(triangles.begin(), triangles.end());
  tree.build();
  tree.accelerate_distance_queries();
  size_t hits = 0;
  double sum = 0;
  const double raysMs = bestMs([&] {
    hits = 0;
    for (size_t i = 0; i < q.rays.size(); i += 6) {
      const double* r = &q.rays[i];
      const K::Vector_3 d(r[3], r[4], r[5]);
      if (tree.first_intersected_primitive(K::Ray_3(K::Point_3(r[0], r[1], r[2]) + 1e-4 * d, d))) hits++;
    }
  });
  const double closestMs = bestMs([&] {
    sum = 0;
    for (size_t i = 0; i < q.points.size(); i += 3) sum += std::sqrt(tree.squared_distance(K::Point_3(q.points[i], q.points[i + 1], q.points[i + 2])));
  });
  printf("{\"raysMs\": %.6f, \"hits\": %zu, \"closestMs\": %.6f, \"sum\": %.9g}\n", raysMs, hits, closestMs, sum);
}
