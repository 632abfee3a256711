using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Samplers;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The samplers by their names in configs.</summary>
internal static class SamplerTable
{
    /// <summary>Config name to the function that reads its node, given what chooses where there are too many.</summary>
    internal static ContextRegistry<ISampler, ISampleChoice> Samplers { get; } = new("sampler", new()
    {
        ["PseudoSampler"] = (_, _) => new PseudoSampler(),
        ["RandomSampler"] = RandomSampler.FromConfig,
    });
}
