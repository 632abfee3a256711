namespace MMDetSharp.Torch.Checkpoints;

/// <summary>The files behind MMDetection's names of pretrained backbones (<c>open-mmlab://NAME</c>).</summary>
internal static class OpenMmlabFiles
{
    private static readonly Dictionary<string, string> Files = new()
    {
        ["vgg16_caffe"] = "vgg16_caffe-292e1171.pth",
        ["detectron/resnet50_caffe"] = "resnet50_caffe-788b5fa3.pth",
        ["detectron2/resnet50_caffe"] = "resnet50_msra-5891d200.pth",
        ["detectron/resnet101_caffe"] = "resnet101_caffe-3ad79236.pth",
        ["detectron2/resnet101_caffe"] = "resnet101_msra-6cc46731.pth",
        ["detectron2/resnext101_32x8d"] = "resnext101_32x8d-1516f1aa.pth",
        ["resnext50_32x4d"] = "resnext50-32x4d-0ab1a123.pth",
        ["resnext101_32x4d"] = "resnext101_32x4d-a5af3160.pth",
        ["resnext101_64x4d"] = "resnext101_64x4d-ee2c6f71.pth",
        ["contrib/resnet50_gn"] = "resnet50_gn_thangvubk-ad1730dd.pth",
        ["detectron/resnet50_gn"] = "resnet50_gn-9186a21c.pth",
        ["detectron/resnet101_gn"] = "resnet101_gn-cac0ab98.pth",
        ["jhu/resnet50_gn_ws"] = "resnet50_gn_ws-15beedd8.pth",
        ["jhu/resnet101_gn_ws"] = "resnet101_gn_ws-3e3c308c.pth",
        ["jhu/resnext50_32x4d_gn_ws"] = "resnext50_32x4d_gn_ws-0d87ac85.pth",
        ["jhu/resnext101_32x4d_gn_ws"] = "resnext101_32x4d_gn_ws-34ac1a9e.pth",
        ["jhu/resnext50_32x4d_gn"] = "resnext50_32x4d_gn-c7e8b754.pth",
        ["jhu/resnext101_32x4d_gn"] = "resnext101_32x4d_gn-ac3bb84e.pth",
        ["msra/hrnetv2_w18_small"] = "hrnetv2_w18_small-b5a04e21.pth",
        ["msra/hrnetv2_w18"] = "hrnetv2_w18-00eb2006.pth",
        ["msra/hrnetv2_w32"] = "hrnetv2_w32-dc9eeb4f.pth",
        ["msra/hrnetv2_w40"] = "hrnetv2_w40-ed0b031c.pth",
        ["msra/hrnetv2_w48"] = "hrnetv2_w48-d2186c55.pth",
        ["res2net101_v1d_26w_4s"] = "res2net101_v1d_26w_4s_mmdetv2-f0a600f9.pth",
        ["regnetx_400mf"] = "regnetx_400mf-a5b10d96.pth",
        ["regnetx_800mf"] = "regnetx_800mf-1f4be4c7.pth",
        ["regnetx_1.6gf"] = "regnetx_1.6gf-5791c176.pth",
        ["regnetx_3.2gf"] = "regnetx_3.2gf-c2599b0f.pth",
        ["regnetx_4.0gf"] = "regnetx_4.0gf-a88f671e.pth",
        ["regnetx_6.4gf"] = "regnetx_6.4gf-006af45d.pth",
        ["regnetx_8.0gf"] = "regnetx_8.0gf-3c68abe7.pth",
        ["regnetx_12gf"] = "regnetx_12gf-4c2a3350.pth",
        ["resnet50_v1c"] = "resnet50_v1c-2cccc1ad.pth",
        ["resnet101_v1c"] = "resnet101_v1c-e67eebb6.pth",
        ["resnest50"] = "resnest50_d2-7497a55b.pth",
        ["resnest101"] = "resnest101_d2-f3b931b2.pth",
        ["resnest200"] = "resnest200_d2-ca88e41f.pth",
        ["darknet53"] = "darknet53-a628ea1b.pth",
        ["resnet50_caffe"] = "resnet50_caffe-788b5fa3.pth",
        ["resnet101_caffe"] = "resnet101_caffe-3ad79236.pth",
        ["detectron2/resnet50_caffe_bgr"] = "resnet50_msra-5891d200.pth",
        ["detectron2/resnet101_caffe_bgr"] = "resnet101_msra-6cc46731.pth",
    };

    /// <summary>The file of a name, or null.</summary>
    internal static string? Find(string name) => Files.GetValueOrDefault(name);
}
