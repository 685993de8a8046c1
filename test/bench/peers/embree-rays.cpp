// Embree's nearest hits, one ray at a time and one thread. Prints {"raysMs", "sum"}: sum of the distances found.
#if __has_include(<embree4/rtcore.h>)
#include <embree4/rtcore.h>
#else
#include <embree3/rtcore.h>
#endif
#include "queries.h"
#include <cmath>
#include <cstring>
#include <limits>

int main(int, char** argv) {
  const Queries q = readQueries(argv[1]);
  RTCDevice device = rtcNewDevice("threads=1");
  RTCScene scene = rtcNewScene(device);
  rtcSetSceneFlags(scene, RTC_SCENE_FLAG_ROBUST);
  rtcSetSceneBuildQuality(scene, RTC_BUILD_QUALITY_HIGH);
  RTCGeometry mesh = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE);
  float* vertices = (float*)rtcSetNewGeometryBuffer(mesh, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3, 12, q.vertices.size() / 3);
  for (size_t i = 0; i < q.vertices.size(); i++) vertices[i] = (float)q.vertices[i];
  memcpy(rtcSetNewGeometryBuffer(mesh, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3, 12, q.indices.size() / 3), q.indices.data(), q.indices.size() * 4);
  rtcCommitGeometry(mesh);
  rtcAttachGeometry(scene, mesh);
  rtcCommitScene(scene);
  const size_t count = q.rays.size() / 6;
  std::vector<float> rays(q.rays.begin(), q.rays.end());
  double sum = 0;
  const double ms = bestMs([&] {
    sum = 0;
    for (size_t i = 0; i < count; i++) {
      const float* r = &rays[i * 6];
      RTCRayHit hit;
      hit.ray = {r[0], r[1], r[2], 1e-4f, r[3], r[4], r[5], 0, std::numeric_limits<float>::infinity(), 0xffffffffu, 0, 0};
      hit.hit.geomID = RTC_INVALID_GEOMETRY_ID;
      hit.hit.instID[0] = RTC_INVALID_GEOMETRY_ID;
#if RTC_VERSION_MAJOR >= 4
      rtcIntersect1(scene, &hit);
#else
      RTCIntersectContext context;
      rtcInitIntersectContext(&context);
      rtcIntersect1(scene, &context, &hit);
#endif
      if (hit.hit.geomID != RTC_INVALID_GEOMETRY_ID) sum += hit.ray.tfar;
    }
  });
  printf("{\"raysMs\": %.6f, \"sum\": %.9g}\n", ms, sum);
}
