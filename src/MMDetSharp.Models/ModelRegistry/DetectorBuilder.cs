using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Samplers;
using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>Makes the detector that a config describes.</summary>
public static class DetectorBuilder
{
    /// <summary>
    /// Makes the detector of the config's <c>model</c>. <c>train_cfg</c> and <c>test_cfg</c> stand beside it or in it.
    /// Weights are zero: call <see cref="Torch.Modules.Module.InitWeights"/> or load a checkpoint.
    /// </summary>
    /// <param name="config">A whole config; its <c>model</c> is built.</param>
    /// <returns>It belongs to the caller.</returns>
    /// <exception cref="ConfigException">
    /// A type is unknown, a key is missing, unknown or of another type, or options contradict each other.
    /// </exception>
    public static Detector Build(Config config) => Build(config, choice: null);

    /// <summary>As <see cref="Build(Config)"/>, with another choice of samples than a random one.</summary>
    /// <param name="config">A whole config; its <c>model</c> is built.</param>
    /// <param name="choice">Chooses samples where there are too many; null: at random.</param>
    /// <returns>It belongs to the caller.</returns>
    internal static Detector Build(Config config, ISampleChoice? choice)
    {
        ArgumentNullException.ThrowIfNull(config);
        var root = new ConfigReader(config.Root);
        var model = root.Node("model");
        var random = new RandomChoice();
        var context = new HeadContext(
            Part(root, model, "train_cfg"), Part(root, model, "test_cfg"), HeadTable.Parts)
        {
            Choice = choice ?? random,
        };
        return ModuleBuild.Run(() =>
        {
            var detector = DetectorTable.Detectors.Build(model, context);
            detector.Use(random);
            context.TrainConfig?.Done();
            context.TestConfig?.Done();
            return detector;
        });
    }

    private static ConfigReader? Part(ConfigReader root, ConfigReader model, string key)
    {
        var (outer, inner) = (root.NodeOrNull(key), model.NodeOrNull(key));
        return outer is not null && inner is not null
            ? throw root.Error(key, $"must stand beside model or in it, got both ({inner.Origin}). Remove one.")
            : outer ?? inner;
    }
}
