using MMDetSharp.Core.Registry;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>What a head is built from besides its own node.</summary>
/// <param name="TrainConfig">The config's <c>train_cfg</c>; null: the head cannot be trained.</param>
/// <param name="TestConfig">The config's <c>test_cfg</c>; null: the head cannot detect.</param>
internal sealed record HeadContext(ConfigReader? TrainConfig, ConfigReader? TestConfig);
